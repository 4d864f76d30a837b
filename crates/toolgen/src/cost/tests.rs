use crate::{Budget, Compilation, Compiler, Options, Source, ToolSpec};

const SCHEMA: &str = "
type Query { shop: Shop!  many: [String!] }
type Shop {
  orders(first: Int): OrderConnection
  order(id: ID!): Order
  tags: [String!]
  anything: [Thing!]
}
type OrderConnection { total: Int nodes: [Order!]! }
type Order { id: ID! note: String buyer: Person }
type Mutation { buy(item: ID!): Order }
type Person { id: ID! name: String orders(first: Int! = 5): OrderConnection }
union Thing = Order | Person
schema { query: Query mutation: Mutation }
";

const WEIGHTS: &str = r#"
extend type Shop
  @weight(field: "orders", backend: "shop", requests: 1, page: "first", most: 100, metersRequest: ["shop calls"],
    metersItem: ["shop items"], metersParent: ["shop lists"], scopes: ["orders:read"])
  @weight(field: "order", backend: "shop", requests: 2, carries: ["Person.orders"], scopes: ["orders:read"])
  @weight(field: "tags", most: 3)
  @weight(field: "anything", most: 4)
extend type Order
  @weight(field: "buyer", backend: "crm", requests: 1, least: 0, together: 10, free: ["id"], scopes: ["people"])
  @weight(field: "note", tokens: 50)
extend type Person @weight(field: "orders", requests: 1, page: "first", metersParent: ["shop lists"])
extend type Mutation @weight(field: "buy", requests: 1)
extend schema @meter(name: "shop points", of: "shop lists", per: 10, least: "shop calls")
"#;

fn compile(operation: &str, budget: Budget) -> Compilation {
    let options = Options {
        weights: WEIGHTS.to_owned(),
        budget,
        ..Options::default()
    };
    let text = format!("\"Does it.\"\n{operation}");
    let source = Source {
        path: "queries/shop/tool.graphql".to_owned(),
        text,
    };
    match Compiler::new(SCHEMA, options) {
        Ok(compiler) => compiler.compile(&[source]),
        Err(diagnostics) => panic!("{diagnostics:?}"),
    }
}

fn tool(operation: &str) -> ToolSpec {
    let Compilation { tools, diagnostics } = compile(operation, Budget::default());
    assert!(diagnostics.iter().all(|it| !it.is_error()), "{diagnostics:#?}");
    tools.into_iter().next().unwrap()
}

fn errors(operation: &str, budget: Budget) -> Vec<String> {
    let compilation = compile(operation, budget);
    compilation
        .errors()
        .map(|it| format!("{}:{} {}", it.line, it.column, it.message))
        .collect()
}

#[test]
fn a_page_multiplies_what_stands_below_it() {
    let cost = tool("query A { shop { orders(first: 30) { nodes { id buyer { name } } } } }").cost;
    // One for the page; the thirty buyers in three.
    assert_eq!((cost.requests_least, cost.requests_most), (1, 4));
    // One list of thirty: a tenth of a point, but a point for each call.
    assert_eq!(
        cost.units.into_iter().collect::<Vec<_>>(),
        [("shop items".to_owned(), 30), ("shop points".to_owned(), 1)]
    );
}

#[test]
fn a_reckoned_meter_grows_with_what_it_is_reckoned_from() {
    let operation = "query A { shop { orders(first: 30) { nodes { buyer { orders { nodes { id } } } } } } }";
    // The shop's one list and one for each buyer: thirty-one, ten to a point.
    assert_eq!(tool(operation).cost.units.get("shop points"), Some(&4));
}

#[test]
fn a_variable_is_priced_at_its_greatest() {
    let most = |variable: &str| {
        let tool = tool(&format!(
            "query A({variable}) {{ shop {{ orders(first: $n) {{ nodes {{ id }} }} }} }}"
        ));
        tool.cost.units.get("shop items").copied()
    };
    assert_eq!(most("$n: Int! = 20 @bounds(max: 40)"), Some(40));
    assert_eq!(most("$n: Int! = 20"), Some(100));
    assert_eq!(most("$n: Int @fixed(value: 7)"), Some(7));
}

#[test]
fn what_comes_with_the_parent_or_was_asked_before_is_not_requested() {
    assert_eq!(
        tool("query A { shop { order(id: 1) { buyer { id } } } }")
            .cost
            .requests_most,
        2
    );
    let twice = "query A { shop { order(id: 1) { id buyer { name } also: buyer { name id } } } }";
    assert_eq!(tool(twice).cost.requests_most, 3);
}

#[test]
fn a_write_that_is_repeated_is_carried_out_again() {
    let cost = tool("mutation A { a: buy(item: 1) { id note } b: buy(item: 1) { id note } }").cost;
    assert_eq!((cost.requests_least, cost.requests_most), (2, 2));
}

#[test]
fn what_a_field_above_brings_along_is_not_requested() {
    let orders = "buyer { id orders { total } }";
    assert_eq!(
        tool(&format!("query A {{ shop {{ order(id: 1) {{ {orders} }} }} }}"))
            .cost
            .requests_most,
        3
    );
    assert_eq!(
        tool(&format!(
            "query A {{ shop {{ orders(first: 1) {{ nodes {{ {orders} }} }} }} }}"
        ))
        .cost
        .requests_most,
        3
    );
}

#[test]
fn scopes_are_those_of_the_fields() {
    let scopes = tool("query A { shop { order(id: 1) { id buyer { name } } } }").scopes;
    let scopes: Vec<_> = scopes
        .into_iter()
        .map(|(backend, scopes)| (backend, scopes.join(" ")))
        .collect();
    assert_eq!(
        scopes,
        [
            ("crm".to_owned(), "people".to_owned()),
            ("shop".to_owned(), "orders:read".to_owned())
        ]
    );
}

#[test]
fn text_is_counted_at_its_weight_and_a_union_at_its_largest() {
    let tokens = |operation| tool(operation).cost.result_tokens;
    let notes = tokens("query A { shop { orders(first: 10) { nodes { id note } } } }");
    assert!(
        (560..800).contains(&notes),
        "ten notes of fifty tokens, ten ids, keys: {notes}"
    );
    let union = tokens("query A { shop { anything { __typename ... on Order { note } ... on Person { id } } } }");
    assert!((4 * 60..4 * 80).contains(&union), "four notes: {union}");
}

#[test]
fn what_has_no_upper_bound_is_refused() {
    assert_eq!(
        errors("query A { many }", Budget::default()),
        ["2:11 `Query.many` is a list, and nothing says how long it may be"]
    );
    assert_eq!(
        errors("query A { shop { orders { total } } }", Budget::default()),
        ["2:18 `orders` gives pages, and needs the argument `first`"]
    );
    assert_eq!(
        errors(
            "query A($n: Int!) { shop { order(id: 1) { buyer { orders(first: $n) { total } } } } }",
            Budget::default()
        ),
        ["2:51 nothing bounds how many `orders` are asked for"]
    );
}

#[test]
fn what_is_over_budget_is_refused_where_it_comes_from() {
    let operation = "query A {\n shop {\n orders(first: 30) {\n nodes { id buyer { name } } } } }";
    let budget = Budget {
        requests: Some(3),
        result_tokens: Some(100),
        units: [("shop items".to_owned(), 29)].into(),
    };
    let errors = errors(operation, budget);
    let wanted = [
        "4:2 a call may cost 30 shop items; the budget is 29",
        "5:2 a call may cost 636 tokens of result; the budget is 100",
        "5:13 a call may cost 4 upstream requests; the budget is 3",
    ];
    assert_eq!(errors, wanted);
}

#[test]
fn a_weight_of_no_field_is_refused() {
    let options = Options {
        weights: "extend type Shop @weight(field: \"order_\")".to_owned(),
        ..Options::default()
    };
    let Err(found) = Compiler::new(SCHEMA, options) else {
        panic!("it is no field")
    };
    assert_eq!(
        found[0].render().lines().next(),
        Some("schema/weights.graphql:1:18: error: `Shop` has no field `order_` to weigh")
    );
    assert!(found[0].help.as_ref().unwrap().starts_with("did you mean `order`?"));
}
