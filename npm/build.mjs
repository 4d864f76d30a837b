// Makes the npm packages of a release: one for each platform with its binary, and the wrapper that picks one.
// node npm/build.mjs ARCHIVES OUT, where ARCHIVES holds what deploy/package wrote. Targets without an archive are left out.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const here = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const [archives, out] = process.argv.slice(2);
if (!out) throw new Error("usage: node npm/build.mjs ARCHIVES OUT");

const server = JSON.parse(readFileSync(join(here, "../server.json"), "utf8"));
const { identifier, version } = server.packages.find((entry) => entry.registryType === "npm");
const common = { version, license: "MIT OR Apache-2.0", repository: { type: "git", url: `git+${server.repository.url}.git` } };

const targets = {
  "linux-x64": "x86_64-unknown-linux-musl",
  "linux-arm64": "aarch64-unknown-linux-musl",
  "darwin-x64": "x86_64-apple-darwin",
  "darwin-arm64": "aarch64-apple-darwin",
  "win32-x64": "x86_64-pc-windows-msvc",
};
const write = (folder, manifest) => writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2) + "\n");
const made = [];
rmSync(out, { recursive: true, force: true });

for (const [platform, target] of Object.entries(targets)) {
  const windows = platform.startsWith("win32");
  const archive = join(archives, `braid-${target}.${windows ? "zip" : "tar.gz"}`);
  if (!existsSync(archive)) continue;
  const unpacked = mkdtempSync(join(tmpdir(), "braid-"));
  if (windows) execFileSync("unzip", ["-q", archive, "-d", unpacked]);
  else execFileSync("tar", ["-xzf", archive, "-C", unpacked]);
  const name = `${identifier}-${platform}`;
  const folder = join(out, `braid-${platform}`);
  const binary = windows ? "braid.exe" : "braid";
  mkdirSync(join(folder, "bin"), { recursive: true });
  cpSync(join(unpacked, `braid-${target}`, binary), join(folder, "bin", binary));
  rmSync(unpacked, { recursive: true });
  const [os, cpu] = platform.split("-");
  write(folder, { name, ...common, description: `The binary of ${identifier} for ${platform}`, os: [os], cpu: [cpu] });
  made.push(name);
}
if (made.length === 0) throw new Error(`no archive in ${archives}`);

const wrapper = join(out, "braid");
mkdirSync(join(wrapper, "bin"), { recursive: true });
cpSync(join(here, "braid.js"), join(wrapper, "bin", "braid.js"));
cpSync(join(here, "../README.md"), join(wrapper, "README.md"));
write(wrapper, {
  name: identifier,
  ...common,
  description: server.description,
  mcpName: server.name,
  bin: { braid: "bin/braid.js" },
  engines: { node: ">=18" },
  optionalDependencies: Object.fromEntries(made.map((name) => [name, version])),
});
console.log([...made, identifier].join("\n"));
