// Copies what the page loads out of the packages into `embedded/`, where the next build finds it.

import { copyFileSync } from "node:fs";

const files = {
  "react.js": "react/umd/react.production.min.js",
  "react-dom.js": "react-dom/umd/react-dom.production.min.js",
  "graphiql.js": "graphiql/graphiql.min.js",
  "graphiql.css": "graphiql/graphiql.min.css",
};

for (const [name, file] of Object.entries(files)) {
  copyFileSync(new URL(`node_modules/${file}`, import.meta.url), new URL(`embedded/${name}`, import.meta.url));
}
