#!/usr/bin/env node
// Runs the binary of this platform's package, which npm installed as an optional dependency.
"use strict";
const { spawn } = require("node:child_process");

const platform = `${process.platform}-${process.arch}`;
const name = `@braid-mcp/braid-${platform}`;
let binary;
try {
  binary = require.resolve(`${name}/bin/braid${process.platform === "win32" ? ".exe" : ""}`);
} catch {
  console.error(
    `braid: ${name} is not installed. There is a binary for linux-x64, linux-arm64, darwin-x64, darwin-arm64 and win32-x64; ` +
      `if ${platform} is one of them, install again without --omit=optional. Otherwise build from source with cargo.`,
  );
  process.exit(2);
}
const child = spawn(binary, process.argv.slice(2), { stdio: "inherit" });
// A terminal signals the whole group; a client that started this program signals it alone.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  console.error(`braid: ${binary} cannot be started: ${error.message}`);
  process.exit(2);
});
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
