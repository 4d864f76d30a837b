// The page that lists the tools: by group, each with its file and a link that opens it in GraphiQL. Everything is put in as
// text, so that nothing in a file can become part of the page.

function add(parent, name, text) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  return parent.appendChild(element);
}

function show(tools) {
  const main = document.getElementById("tools");
  main.textContent = tools.length === 0 ? "No tool is on." : "";
  for (const group of new Set(tools.map((tool) => tool.group))) {
    add(main, "h2", group);
    for (const tool of tools.filter((tool) => tool.group === group)) {
      const link = add(add(main, "h3"), "a", tool.name);
      link.href = `../graphiql?tool=${encodeURIComponent(tool.name)}`;
      add(main, "p", tool.description);
      const file = add(main, "details");
      add(file, "summary", tool.source);
      add(file, "pre", tool.text);
    }
  }
}

fetch("tools.json")
  .then((answer) => answer.json())
  .then(show, (error) => {
    document.getElementById("tools").textContent = `The tools could not be loaded: ${error.message}`;
  });
