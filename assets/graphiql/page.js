// Starts GraphiQL on the `/graphql` beside this page. Headers are not kept: they may hold a token.

const welcome = `# Everything here is described under "Docs" on the left.
# A tool's file from queries/ runs as it is: paste it, fill in the variables below, press the button.

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

const fetcher = GraphiQL.createFetcher({ url: new URL("graphql", document.baseURI).href });
const root = ReactDOM.createRoot(document.getElementById("graphiql"));
root.render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultQuery: welcome,
    defaultEditorToolsVisibility: "variables",
    shouldPersistHeaders: false,
  }),
);
