// Lets Node.js 20 require the project's TypeScript files: types are stripped, nothing is checked.
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const ts = require('typescript');

const compilerOptions = {
	target: ts.ScriptTarget.ES2022,
	module: ts.ModuleKind.Node16,
	moduleResolution: ts.ModuleResolutionKind.Node16,
	esModuleInterop: true,
	inlineSourceMap: true,
};

Module._extensions['.ts'] = (module, fileName) => {
	const source = readFileSync(fileName, 'utf8');
	const { outputText } = ts.transpileModule(source, { fileName, compilerOptions });
	module._compile(outputText, fileName);
};

// Extensions are tried in order: a node's description, X.node.json, must not stand in for X.node.ts.
const { '.json': json } = Module._extensions;
delete Module._extensions['.json'];
Module._extensions['.json'] = json;
