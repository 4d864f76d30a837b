//! Each kind of mistake: where it is said to be, why it is one, and what to do about it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when something is wrong"
)]

#[path = "support/shipped.rs"]
mod support;

use toolgen::{Diagnostic, Severity, Source};

/// The findings of one file, as `line:column message | help`.
fn found_in(path: &str, text: &str) -> Vec<String> {
    let all = support::compile(path, text).diagnostics;
    all.iter()
        .filter(|it| it.severity != Severity::Note)
        .map(line)
        .collect()
}

fn line(found: &Diagnostic) -> String {
    let help = found.help.as_ref().map(|help| format!(" | {help}")).unwrap_or_default();
    format!("{}:{} {}{help}", found.line, found.column, found.message)
}

/// Compiles a described operation; the one finding stands where `^` stands in the text.
#[track_caller]
fn one(marked: &str, wanted: &str) {
    let place = marked.find('^').expect("a mark");
    let text = format!("\"Does it.\"\n{}", marked.replacen('^', "", 1));
    let wanted = format!("2:{} {wanted}", place + 1);
    assert_eq!(
        found_in("queries/github/github_tool.graphql", &text),
        [wanted],
        "{marked}"
    );
}

#[test]
fn names_that_there_are_not() {
    one(
        "query A { github { repository(owner: \"a\", name: \"b\") { name ^stars } } }",
        "`Repository` has no field `stars` | did you mean `stargazerCount`? its fields: `nameWithOwner`, `name`, `owner`, \
         `description`, `url`, `stargazerCount`, `forkCount`, `openIssueCount`, `openPullRequestCount`, `primaryLanguage`, \
         `languages`, `defaultBranch`, `isArchived`, `isPrivate`, `pushedAt`, `pullRequest`",
    );
    one(
        "query A { github { repository(owner: \"a\", name: \"b\", ^nmae: \"c\") { name } } }",
        "`GitHubQuery.repository` takes no argument `nmae` | did you mean `name`? its arguments: `owner`, `name`",
    );
    one(
        "query A($id: ^Id!) { slack { user(id: $id) { id } } }",
        "there is no type `Id` | did you mean `ID`? types of arguments: `Int`, `Float`, `String`, `Boolean`, `ID`, \
         `ChecksState`, `DatadogMonitorState`, `DatadogMonitorType`, `DateTime`, `GitHubState`, `SlackSearchSort`, `Time`",
    );
    one(
        "query A { github { object(url: \"u\") { __typename ... on ^PullReqest { number } } } }",
        "there is no type `PullReqest` | did you mean `PullRequest`?",
    );
    one(
        "query A { slack { search(query: \"q\", sort: ^TIME) { totalCount } } }",
        "`SlackSearchSort` has no value `TIME` | did you mean `TIMESTAMP`? its values: `SCORE`, `TIMESTAMP`",
    );
    one(
        "query A($owner: String!) { github { repository(owner: ^$ownr, name: \"n\") { name } } }",
        "`$ownr` is not a variable of this operation | did you mean `$owner`? the operation's variables: `$owner`",
    );
    one(
        "query A { slack { channel(channel: \"c\") { ^...Chanel } } } fragment Channel on SlackChannel { id }",
        "there is no fragment `Chanel` | did you mean `Channel`? fragments: `Channel`",
    );
    one(
        "query A ^@tol(title: \"T\") { slack { user(id: 1) { id } } }",
        "there is no directive `@tol` | did you mean `tool`? directives: `skip`, `include`, `tool`, `example`, `bounds`, `fixed`, `header`",
    );
}

#[test]
fn things_that_are_there_but_not_in_this_way() {
    one(
        "query A { github { ^repository(owner: \"a\") { name } } }",
        "`GitHubQuery.repository` needs the argument `name` | add `name: …`",
    );
    one(
        "query A(^$x: Int) { slack { user(id: 1) { id } } }",
        "`$x` is declared but not used | use it as an argument, or take it out",
    );
    one(
        "query A { slack { user(id: 1) { id } } } ^fragment F on SlackUser { name }",
        "the fragment `F` is not used | spread it as `...F`, or take it out",
    );
    one(
        "query A { github { pullRequest(owner: \"a\", name: \"b\", number: 1) { ^author } } }",
        "`author` is a `GitHubUser`: say which of its fields are wanted | its fields: `login`, `url`, `name`",
    );
    one(
        "query A { github { ^object(url: \"u\") } }",
        "`object` is a `GitHubObject`: say which of its fields are wanted | say of which type: `object { __typename ... on Type { field } }`",
    );
    one(
        "query A { slack { user(id: 1) { ^id { a } } } }",
        "this field is a `ID`, which has no fields to select | take out the braces and what is in them",
    );
    one(
        "query A { github { pullRequest(owner: \"a\", name: \"b\", number: ^\"1\") { number } } }",
        "this takes a `Int!`, not a string",
    );
    one(
        "query A(\"N.\" $n: String!) { github { pullRequest(owner: \"a\", name: \"b\", ^number: $n) { number } } }",
        "`$n` is a `String!`, but `number` takes a `Int!` | declare it as `$n: Int!`",
    );
    one(
        "query A { slack { user(id: 1) { x: id ^x: name } } }",
        "`x` is selected twice with different meanings | give one of them another name: `name: field`",
    );
    one(
        "query A { slack { user(id: 1) { ...F } } } ^fragment F on SlackUser { ...F }",
        "the fragment `F` spreads itself | select what is meant level by level",
    );
}

#[test]
fn one_mistake_is_not_said_twice() {
    // Both variable and fragment are used, in a field that there is not.
    let text = "query A($x: Int) { slack { ^usr(id: $x) { ...F } } } fragment F on SlackUser { name }";
    one(
        text,
        "`SlackQuery` has no field `usr` | did you mean `user`? its fields: `channel`, `user`, `history`, `search`",
    );
    // The fragment is there; it is its type that is not.
    one(
        "query A { slack { user(id: 1) { ...F } } } fragment F on ^SlackUsr { name }",
        "there is no type `SlackUsr` | did you mean `SlackUser`?",
    );
}

#[test]
fn files_that_are_no_tool() {
    let path = "queries/slack/slack_tool.graphql";
    assert_eq!(
        found_in(path, "fragment F on SlackUser { id }"),
        [
            "0:0 there is no operation in this file | add one, as `query Name { … }`; shared fragments stand in the folder `fragments`"
        ]
    );
    assert_eq!(
        found_in(
            path,
            "\"A.\" query A { slack { user(id: 1) { id } } }\n\"B.\" query B { slack { user(id: 1) { id } } }"
        ),
        ["2:6 this is a second operation in this file | a file is one tool: move this one to a file of its own"]
    );
    assert_eq!(
        found_in(path, "# It.\nquery { slack { user(id: 1) { id } } }"),
        ["2:1 the operation has no name | name it: `query SlackTool`"]
    );
    assert_eq!(
        found_in(path, "# It.\nsubscription A { slack { user(id: 1) { id } } }"),
        ["2:1 a subscription cannot be a tool: a tool answers once | make it a `query`"]
    );
    assert_eq!(
        found_in(path, "query A { slack { user(id: 1) { id } } }"),
        [
            "1:1 the operation has no description | say above it what the tool does, as `\"\"\"…\"\"\"` or in `#` lines: agents choose by it"
        ]
    );
    assert_eq!(
        found_in(path, "query A { slack { user(id: 1) { id }"),
        ["1:37 this is not GraphQL: expected `}`, got the end of the file"]
    );
    assert_eq!(
        found_in(
            "queries/slack/getUser.graphql",
            "\"U.\" query A { slack { user(id: 1) { id } } }"
        ),
        ["0:0 the tool's name `getUser` is not in snake_case | rename the file to `get_user.graphql`"]
    );
    let long = "slack_get_all_of_the_messages_of_a_channel";
    assert_eq!(
        found_in(
            &format!("queries/slack/{long}.graphql"),
            "\"U.\" query A { slack { user(id: 1) { id } } }"
        ),
        ["0:0 the tool's name has 42 characters; clients take 40 | give the file a shorter name"]
    );
}

#[test]
fn tools_that_clients_cannot_tell_apart() {
    let file = |path: &str| Source {
        path: path.to_owned(),
        text: "\"U.\" query A { slack { user(id: 1) { id } } }".to_owned(),
    };
    let compilation = support::COMPILER.compile(&[file("b/slack_user.graphql"), file("a/slack_user.graphql")]);
    assert_eq!(compilation.tools.len(), 1);
    let errors: Vec<_> = compilation
        .errors()
        .map(|it| format!("{} {}", it.path, it.message))
        .collect();
    assert_eq!(
        errors,
        ["b/slack_user.graphql a/slack_user.graphql already gives a tool `slack_user`"]
    );
}

#[test]
fn results_that_cannot_be_shaped() {
    one(
        "query A { github { ^object(url: \"u\") { ... on Issue { __typename title } } } }",
        "`object` is one of several types (`GitHubObject`) and must tell which | add `__typename` as the first field, outside `... on`",
    );
    one(
        "query A { github { object(url: \"u\") { __typename ^problems: __typename } } }",
        "`problems` is what Braid itself adds to a result | give it another name: `other_name: __typename`",
    );
    one(
        "query A { slack { user(id: 1) { ^truncated: name id } } }",
        "`truncated` is what Braid itself adds to a result | give it another name: `other_name: name`",
    );
    one(
        "query A { slack { user(id: 1) { ^__typename: name id } } }",
        "`__typename` cannot be the name of another field",
    );
    one(
        "query A { ^__schema { types { name } } slack { user(id: 1) { id } } }",
        "a tool does not look into the schema itself | take it out; the schema is the resource `braid://schema`, and what \
         `braid schema` prints",
    );
    let write = "slackSendMessage(channel: \"c\", text: \"t\")";
    one(
        &format!("mutation A {{ {write} {{ ts }} ...F }} fragment F on Mutation {{ ^{write} {{ permalink }} }}"),
        "`slackSendMessage` would be carried out twice | select it once, with all its fields",
    );
}

#[test]
fn directives_that_do_not_fit() {
    let user = "{ slack { user(id: $id) { id } } }";
    one(
        &format!("query A(\"I.\" $^id: ID! @bounds(min: 1)) {user}"),
        "`min` and `max` bound a number | use `minLength` and `maxLength`",
    );
    one(
        &format!("query A(\"I.\" $^id: ID! @bounds(minLength: 2, maxLength: 1)) {user}"),
        "nothing is between these bounds | exchange them",
    );
    one(
        &format!("query A(\"I.\" $^id: ID! = \"abc\" @bounds(maxLength: 2)) {user}"),
        "the default of `$id` is longer than its `maxLength`",
    );
    one(
        &format!("query A(\"I.\" $^id: ID! @example(value: [1])) {user}"),
        "`[1]` is no value of `ID!`, the type of `$id`",
    );
    one(
        &format!("query A($^id: ID! @fixed(value: 1) @header(name: \"x\")) {user}"),
        "a variable is either fixed or read from a header",
    );
    one(
        &format!("query A($^id: ID! @header(name: \"x y\")) {user}"),
        "`x y` is no header's name",
    );
    for name in ["authorization", "Proxy-Authorization", "COOKIE"] {
        one(
            &format!("query A($^id: ID! @header(name: \"{name}\")) {user}"),
            &format!(
                "`{name}` holds a secret, and a variable's value may come back in an error message | let the client send \
                 what is wanted in a header of its own, e.g. `x-team`"
            ),
        );
    }
    let history = "{ slack { history(channel: \"c\", limit: $n) { nodes { ts } } } }";
    one(
        &format!("query A($^n: Int! @header(name: \"n\")) {history}"),
        "a header is text, but `$n` is not | make it a `String`, an `ID` or an enum",
    );
    one(
        "query A @^tool(maxBytes: 9) { slack { user(id: 1) { id } } }",
        "`maxBytes` is a number from 500",
    );
}

#[test]
fn shared_fragments_are_checked_where_they_stand() {
    let file = |path: &str, text: &str| Source {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let sources = [
        file(
            "queries/fragments/people.graphql",
            "fragment Person on SlackUser { id nme ...Names }\nfragment Lone on SlackUser { id }",
        ),
        file(
            "queries/fragments/names.graphql",
            "fragment Names on SlackUser { name }\nfragment Lone on SlackUser { id }\nquery Q { slack { user(id: 1) { id } } }",
        ),
        file(
            "queries/slack/slack_one.graphql",
            "\"O.\" query A { slack { user(id: 1) { ...Person } } }",
        ),
        file(
            "queries/slack/slack_two.graphql",
            "\"T.\" query A { slack { user(id: 1) { ...Names id } } }",
        ),
    ];
    let compilation = support::COMPILER.compile(&sources);
    let all = compilation
        .diagnostics
        .iter()
        .filter(|it| it.severity != Severity::Note);
    let all: Vec<_> = all
        .map(|it| format!("{}:{} {}", it.path, it.line, it.message))
        .collect();
    assert_eq!(
        all,
        [
            "queries/fragments/names.graphql:2 no tool uses the fragment `Lone`",
            "queries/fragments/names.graphql:3 a file of shared fragments holds fragments only",
            "queries/fragments/people.graphql:1 `SlackUser` has no field `nme`",
            "queries/fragments/people.graphql:2 `Lone` is already a fragment in queries/fragments/names.graphql",
            "queries/fragments/people.graphql:2 no tool uses the fragment `Lone`",
        ]
    );
    assert_eq!(
        compilation
            .tools
            .iter()
            .map(|tool| tool.name.as_str())
            .collect::<Vec<_>>(),
        ["slack_two"]
    );
}

#[test]
fn a_second_field_that_would_change_the_shape_is_noted() {
    let found = support::compile(
        "q/slack_tool.graphql",
        "\"U.\" query A { slack { user(id: 1) { id name } } }",
    )
    .diagnostics;
    let notes: Vec<_> = found.iter().map(line).collect();
    assert_eq!(
        notes,
        [
            "1:16 `slack` is replaced by its one field `user` in the result | a second field there would make it an object, and change what agents get"
        ]
    );
}

#[test]
fn a_terminal_shows_the_line_with_a_caret() {
    let text = "# It.\nquery A {\n\tslack { user(id: 1) { nme } }\n}";
    let found = support::compile("queries/slack/slack_user.graphql", text).diagnostics;
    let wanted = "\
queries/slack/slack_user.graphql:3:24: error: `SlackUser` has no field `nme`
  |
3 | \tslack { user(id: 1) { nme } }
  | \t                      ^^^
  = help: did you mean `name`? its fields: `id`, `name`, `realName`, `handle`, `email`, `title`, `timeZone`, `isBot`, `isDeactivated`";
    assert_eq!(found[0].render(), wanted);
}

#[test]
fn an_argument_without_a_value_is_an_error() {
    let found = support::compile(
        "q/slack_tool.graphql",
        "\"U.\" query A { slack { user(id) { id name } channel(channel: {deep}) { id } } }",
    )
    .diagnostics;
    let errors: Vec<_> = found.iter().map(line).collect();
    assert_eq!(
        errors,
        [
            "1:29 `id` has no value | give it one, as `id: …`, or leave it out",
            "1:63 `deep` has no value | give it one, as `deep: …`, or leave it out",
        ]
    );
}

#[test]
fn braces_that_select_nothing_are_an_error() {
    let found = support::compile(
        "q/slack_tool.graphql",
        "\"U.\" query A { slack { } datadog { ... on DatadogQuery { } } ...F } fragment F on Query { }",
    )
    .diagnostics;
    let errors: Vec<_> = found.iter().map(line).collect();
    let help = "name the fields that are wanted between the braces";
    assert_eq!(
        errors,
        [22, 56, 89].map(|column| format!("1:{column} nothing is selected here | {help}"))
    );
}

#[test]
fn a_described_variable_without_its_dollar_is_an_error() {
    for written in ["{id", "!id", "\"b\" id", "x id", ")id", "@id"] {
        let text = format!("\"U.\" query A(\"An id.\" {written}: ID!) {{ slack {{ user(id: $id) {{ id name }} }} }}");
        let found = support::compile("q/slack_tool.graphql", &text).diagnostics;
        let errors: Vec<_> = found.iter().map(line).collect();
        let wanted = "1:23 a variable begins with `$` | write `$id`";
        assert_eq!(errors, [wanted], "{text}");
    }
}

#[test]
fn fragments_that_nothing_but_each_other_uses_are_an_error() {
    for fragments in [
        "fragment F on SlackUser { ...F }",
        "fragment F on SlackUser { ...G } fragment G on SlackUser { ...F }",
    ] {
        let text = format!("\"U.\" query A {{ slack {{ user(id: \"U1\") {{ id name }} }} }} {fragments}");
        let found = support::compile("q/slack_tool.graphql", &text).diagnostics;
        let errors: Vec<_> = found.iter().map(line).collect();
        assert!(
            errors
                .iter()
                .any(|error| error.contains("fragment `F` must be used in an operation")),
            "{errors:?}"
        );
    }
}

#[test]
fn what_is_nested_deeper_than_the_executor_goes_is_an_error() {
    let nested = |levels: usize| {
        let (open, close) = ("... { ".repeat(levels), "} ".repeat(levels));
        let text = format!("\"D.\" query A {{ slack {{ {open}user(id: 1) {{ id name }} {close}}} }}");
        support::compile("q/slack_tool.graphql", &text)
    };
    let deepest = nested(30);
    assert!(deepest.errors().next().is_none(), "{:?}", deepest.diagnostics);
    let found: Vec<_> = nested(31).errors().map(line).collect();
    let wanted = "1:210 this is nested deeper than 32 levels, and the executor goes no deeper | select fewer levels; what stands \
                  in a fragment counts where the fragment is spread";
    assert_eq!(found, [wanted]);
    let found: Vec<_> = nested(70).errors().map(line).collect();
    assert!(
        found.len() == 1 && found[0].ends_with("this is nested more than 64 levels deep"),
        "{found:?}"
    );
    let hidden = |unit: &str, close: &str| {
        let (open, close) = (unit.repeat(2_500), close.repeat(2_500));
        let text = format!("\"D.\" query A {{ slack {{ user(id: {open}1{close}) {{ id name }} }} }}");
        let found = support::compile("q/slack_tool.graphql", &text);
        assert!(found.errors().any(|it| it.message.contains("64 levels")), "{unit}");
    };
    // Closing brackets in comments and strings close nothing.
    hidden("[#]\n", "]");
    hidden("[\"]\",", "]");
    hidden("[\"\"\"]\"\"\",", "]");
    hidden("{a:#}\n", "}");
}

#[test]
fn findings_are_bounded_in_number_and_size() {
    let unknown = (0..9_000)
        .map(|index| format!("a{index}:1 "))
        .collect::<Vec<_>>()
        .concat();
    let text = format!("\"D.\" query A {{ slack {{ user({unknown}) {{ id name }} }} }}");
    let found = support::compile("q/slack_tool.graphql", &text).diagnostics;
    assert_eq!(found.len(), 101);
    let omitted = |it: &toolgen::Diagnostic| it.message.ends_with("more findings are not listed");
    assert_eq!(found.iter().filter(|it| omitted(it)).count(), 1);
    let long = "x".repeat(100_000);
    let text = format!("\"D.\" query A($y{long}: ID!) {{ slack {{ user(id: $z{long}) {{ id {long} }} }} }}");
    for finding in support::compile("q/slack_tool.graphql", &text).diagnostics {
        assert!(
            finding.message.chars().count() <= 1_001 && finding.help.is_none_or(|help| help.chars().count() <= 1_001)
        );
    }
}

#[test]
fn files_with_nothing_in_them() {
    for text in ["", " \n\n", "# It will come.\n  # Soon.\n", "\u{feff}"] {
        assert_eq!(
            found_in("queries/slack/slack_tool.graphql", text),
            ["0:0 there is no operation in this file | write one, as `query Name { … }`, or take the file away"],
            "{text:?}"
        );
    }
}

#[test]
fn what_stands_twice_or_where_it_cannot() {
    one(
        "query A($x: ID!, ^$x: ID!) { slack { user(id: $x) { id } } }",
        "`$x` is declared twice | take one of them out, or give it another name",
    );
    one(
        "query A { slack { user(id: 1, ^id: 2) { id } } }",
        "`id` is given twice | keep one of them",
    );
    one(
        "query A { slack { user(id: 1) { ...F } } } fragment F on SlackUser { id } fragment ^F on SlackUser { name }",
        "the fragment `F` is defined twice | take one of them out, or give it another name",
    );
    one(
        "query A @tool(title: \"x\") ^@tool(title: \"y\") { slack { user(id: 1) { id } } }",
        "`@tool` stands here twice | say all of it in one",
    );
    one(
        "query A { slack ^@tool(title: \"x\") { user(id: 1) { id } } }",
        "`@tool` cannot stand at a field | it stands at a query or a mutation",
    );
    one(
        "query A { slack { user(id: 1) { id ^... on Repository { name } } } }",
        "a `SlackUser` is never a `Repository` | select the fields of `SlackUser` without it",
    );
    one(
        "query A { github { object(url: \"u\") { __typename ^...F } } } fragment F on SlackUser { name }",
        "a `GitHubObject` is never a `SlackUser` | it is one of: `Repository`, `Issue`, `PullRequest`, `Commit`, \
         `GitHubUser`, `GitHubOther`",
    );
}

#[test]
fn values_that_are_none() {
    one(
        "query A { slack { search(query: \"q\", sort: ^\"TIMESTAMP\") { totalCount } } }",
        "this takes a `SlackSearchSort!`, not a string | write `TIMESTAMP` without quotes",
    );
    one(
        "query A { slack { search(query: \"q\", sort: ^\"timestmp\") { totalCount } } }",
        "this takes a `SlackSearchSort!`, not a string | did you mean `TIMESTAMP`? its values: `SCORE`, `TIMESTAMP`",
    );
    one(
        "query A { slack { channel(channel: ^null) { id } } }",
        "this takes a `String!`, not null | give it a value; leave it out where it has a default",
    );
    one(
        "query A { github { pullRequest(owner: \"a\", name: \"b\", number: ^99999999999) { number } } }",
        "this is no `Int` | an `Int` is a whole number from -2147483648 to 2147483647",
    );
}

#[test]
fn variables_that_may_be_left_out() {
    let history = "{ slack { history(channel: \"c\", limit: $n) { nodes { ts text } } } }";
    one(
        &format!("query A(\"N.\" $^n: Int = null) {history}"),
        "`$n` is `null` where it is left out, but `limit` takes a `Int!` | take `= null` out: the argument's own default \
         stands then",
    );
    one(
        "query A(\"I.\" $^id: ID = null) { slack { user(id: $id) { id } } }",
        "`$id` is `null` where it is left out, but `id` takes a `ID!` | declare it as `$id: ID!`",
    );
    one(
        "query A(\"N.\" $^n: Int) { slack { history(channel: \"c\", limit: $n) { nodes { ts } } } \
         datadog { metrics(query: \"q\") { series { points(max: $n) { at } } } } }",
        "`$n` is given to arguments with different defaults | give it one of its own: `= …`",
    );
    one(
        "query A(\"I.\" $id: ID) { slack { user(^id: $id) { id } } }",
        "`$id` is a `ID`, but `id` takes a `ID!` | declare it as `$id: ID!`",
    );
}

#[test]
fn page_sizes_that_no_call_could_have() {
    let history =
        |limit: &str| format!("{{ slack {{ history(channel: \"c\", limit: {limit}) {{ nodes {{ ts text }} }} }} }}");
    let help = "ask for at most 200, and for one at least";
    for literal in ["100000", "-3", "0"] {
        one(
            &format!("query A {}", history(&format!("^{literal}"))),
            &format!("`limit` takes 1 to 200, not {literal} | {help}"),
        );
    }
    for (variable, words) in [
        ("Int! = 500", "and the default of `$n` is 500"),
        ("Int! = 20 @bounds(max: 5000)", "and `$n` may be 5000"),
        ("Int! = 20 @bounds(min: 0, max: 50)", "and `$n` may be 0"),
        ("Int! @fixed(value: 201)", "and `$n` is 201"),
    ] {
        one(
            &format!("query A(\"N.\" $n: {variable}) {}", history("^$n")),
            &format!("`limit` takes 1 to 200, {words} | {help}"),
        );
    }
}

#[test]
fn directives_that_contradict() {
    let user = "{ slack { user(id: $id) { id } } }";
    one(
        "mutation A @^tool(readOnly: true) { slackSendMessage(channel: \"c\", text: \"t\") { ts } }",
        "a mutation is not `readOnly` | take `readOnly` out; `destructive: false` says that nothing is lost",
    );
    one(
        &format!("query A(\"I.\" $id: ID!) @^tool(destructive: true) {user}"),
        "what is `readOnly` destroys nothing | take `destructive` out, or say `readOnly: false`",
    );
    one(
        &format!("query A(\"I.\" $id: ID!, \"T.\" $t: String! = \"t\") @tool(^title: $t) {user}"),
        "`title` of `@tool` takes no variable | write the value itself: it is the same in all calls",
    );
    one(
        &format!("query A(\"I.\" $^id: ID! @bounds(minLength: -1)) {user}"),
        "a length is a number from 0 | take the sign out",
    );
    one(
        &format!("query A(\"I.\" $^id: ID! @bounds(maxLength: 2) @example(value: \"abc\")) {user}"),
        "an example of `$id` is longer than its `maxLength`",
    );
    one(
        &format!("query A($^id: ID! @bounds(maxLength: 2) @fixed(value: \"abc\")) {user}"),
        "the value of `$id` is longer than its `maxLength`",
    );
    one(
        "query A(\"N.\" $^n: Int! = 20 @bounds(min: 1.5)) { slack { history(channel: \"c\", limit: $n) { nodes { ts text } } } }",
        "the bounds of an `Int` are whole numbers | take the fraction out",
    );
}

#[test]
fn a_list_that_cannot_go_on_where_it_is_cut() {
    one(
        "query A { slack { history(channel: \"c\") { ^messages: nodes { text author { name } } } } }",
        "a cut of `messages` cannot go on: its items do not say their `ts` | select `ts`",
    );
    let right = "\"H.\" query A { slack { history(channel: \"c\") { nodes { ts text } } search(query: \"q\") { nodes { text } } } }";
    assert_eq!(
        found_in("queries/slack/slack_tool.graphql", right),
        [""; 0],
        "a search counts its items"
    );
}
