// Starts GraphiQL on the `/graphql` beside this page. Headers are not kept: they may hold a token.

const welcome = `# Everything here is described under "Docs" on the left.
# "Tools" on the left opens the file of a tool, which runs as it is: fill in the variables below, press the button.

query Alerting {
  datadog {
    searchMonitors(query: "status:alert", first: 5) {
      totalCount
      nodes {
        id
        name
        state
        url
      }
    }
  }
}
`;

const create = React.createElement;
const tools = fetch("graphiql/tools.json").then((answer) => answer.json());

// What stands behind "Tools" on the left: opening one loads this page with its file.
function Tools() {
  const [known, setKnown] = React.useState([]);
  React.useEffect(() => {
    tools.then(setKnown, () => {});
  }, []);
  const items = known.map((tool) =>
    create(
      "li",
      { key: tool.name },
      create("a", { href: `graphiql?tool=${encodeURIComponent(tool.name)}` }, tool.name),
      create("p", null, tool.description),
    ),
  );
  return create(
    "div",
    { className: "braid-tools" },
    create("div", { className: "graphiql-doc-explorer-title" }, "Tools"),
    create("ul", null, items),
    create("a", { href: "graphiql/tools" }, "All with their files"),
  );
}

const plugin = {
  title: "Tools",
  icon: () => create("svg", { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", strokeWidth: 1.5 },
    create("path", { d: "M4 6h16M4 12h16M4 18h10" })),
  content: Tools,
};

// `?tool=NAME` opens that tool's file in the editor.
async function chosen() {
  const name = new URLSearchParams(location.search).get("tool");
  if (name === null) return undefined;
  const tool = (await tools.catch(() => [])).find((tool) => tool.name === name);
  return tool ? tool.text : `# There is no tool called ${JSON.stringify(name)}.\n`;
}

chosen().then((query) => {
  const fetcher = GraphiQL.createFetcher({ url: new URL("graphql", document.baseURI).href });
  const root = ReactDOM.createRoot(document.getElementById("graphiql"));
  root.render(
    create(GraphiQL, {
      fetcher,
      ...(query === undefined ? {} : { query }),
      defaultQuery: welcome,
      defaultEditorToolsVisibility: "variables",
      shouldPersistHeaders: false,
      plugins: [plugin],
    }),
  );
});
