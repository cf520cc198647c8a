import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Runs the oracle in .NET's WebAssembly runtime: `node run-oracle.mjs FOLDER CASES ANSWERS MILLISECONDS`. */
const [folder, cases, answers, milliseconds] = process.argv.slice(2);
const { dotnet } = await import(pathToFileURL(path.join(folder, 'dotnet.js')).href);
const { Module, runMain } = await dotnet.withDiagnosticTracing(false).create();
Module.FS_createDataFile('/', 'cases', readFileSync(cases), true, true, true);
const code = await runMain('Oracle', ['/cases', '/answers', milliseconds]);
writeFileSync(answers, Module.FS.readFile('/answers'));
process.exit(code);
