// Every snippet of docs/clients.md parses, starts or reaches Braid, and has the root key and the property names that a
// registry of clients gives for its client.
import { readFileSync } from "node:fs";
import { MCPConfigRegistry } from "@gleanwork/mcp-config-schema";
import { parse as toml } from "smol-toml";

const listed = {
  "VS Code and GitHub Copilot": "vscode",
  "Claude Code": "claude-code",
  "Claude Desktop": "claude-desktop",
  Cursor: "cursor",
  Codex: "codex",
  "Gemini CLI": "gemini",
  "JetBrains AI Assistant": "jetbrains",
};
const unlisted = { "Copilot CLI": "mcpServers", Zed: "context_servers" };
const registry = new MCPConfigRegistry({ serverPackage: "@braid-mcp/braid" });
const problems = [];
const seen = new Map();

for (const section of readFileSync(process.argv[2], "utf8").split(/^## /m).slice(1)) {
  const heading = section.slice(0, section.indexOf("\n"));
  for (const [, language, text] of section.matchAll(/^```(json|toml)\n(.*?)^```/gms)) {
    const config = language === "toml" ? toml(text) : JSON.parse(text);
    const id = listed[heading];
    const structure = id && registry.getConfig(id).configStructure;
    const root = structure?.serversPropertyName ?? unlisted[heading];
    const server = config[root]?.braid;
    if (!server) {
      problems.push(`${heading}: no ${root}.braid`);
      continue;
    }
    const kind = server.command ? "stdio" : "http";
    seen.set(heading, [...(seen.get(heading) ?? []), kind]);
    if (kind === "stdio" && server.command === "braid" && server.args[0] !== "stdio") problems.push(`${heading}: starts ${server.args}`);
    const url = structure?.httpPropertyMapping?.urlProperty ?? "url";
    if (kind === "http" && server[url] !== "http://127.0.0.1:8750/mcp") problems.push(`${heading}: ${url} is ${server[url]}`);
    if (structure && kind === "http" && !structure.httpPropertyMapping) problems.push(`${heading}: takes no HTTP server`);
  }
}
for (const heading of [...Object.keys(listed), ...Object.keys(unlisted)])
  if ((seen.get(heading) ?? []).length < 2) problems.push(`${heading}: ${seen.get(heading) ?? "no snippet"}`);
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
console.log(`clients: ${[...seen.values()].flat().length} snippets of ${seen.size} clients are well`);
