import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installOnce, PROJECT_FOLDER } from './cache.mjs';
import { findOnPath, run } from './command.mjs';
import { findLibraryFolders, isDebianLike, unpackDebianPackages } from './debian.mjs';
import { installPackage } from './node24.mjs';

/** Has .NET's WebAssembly runtime with its whole base library, which runs in Node.js. */
const RUNTIME = { name: 'blazor', version: '10.0.19' };
const SOURCE = path.join(PROJECT_FOLDER, 'test/support/dotnet/Oracle.cs');
/** The oracle is compiled against an old library, whose names these forward to where they are now. */
const ASSEMBLIES =
	/^(System|mscorlib|System\.(Private\.Uri|Runtime|Runtime\.(InteropServices|InteropServices\.JavaScript|Extensions|Loader)|Text\.RegularExpressions|Text\.Encoding\.Extensions|Console|Collections|Collections\.Concurrent|Linq|Memory|Threading|Reflection\.(Primitives|Emit|Emit\.ILGeneration|Emit\.Lightweight)))\.wasm$/;
const CONFIG_START = '/*json-start*/';
const CONFIG_END = '/*json-end*/';

/**
 * Compiles the oracle with Mono's compiler: the one on the PATH, or one that is unpacked for it.
 * @param {string} folder
 * @param {string} target
 */
async function compile(folder, target) {
	const args = ['-optimize+', `-out:${target}`, SOURCE];
	const mcs = findOnPath('mcs');
	if (mcs !== undefined) {
		await run(mcs, args);
		return;
	}
	if (!isDebianLike()) throw new Error('no mcs on the PATH, and no Debian to get it from');
	const packages = path.join(folder, 'mono');
	const root = await unpackDebianPackages(['mono-mcs'], packages);
	const libraries = path.join(root, 'usr/lib/mono/4.5');
	const env = {
		...process.env,
		MONO_PATH: `${libraries}:${path.join(libraries, 'Facades')}`,
		MONO_CFG_DIR: path.join(root, 'etc'),
		LD_LIBRARY_PATH: (await findLibraryFolders(root))
			.map((name) => path.join(root, name))
			.join(':'),
	};
	await run(path.join(root, 'usr/bin/mono-sgen'), [path.join(libraries, 'mcs.exe'), ...args], {
		env,
	});
	await rm(packages, { recursive: true, force: true });
}

/**
 * What the runtime shall load: the oracle, and of the base library what it needs.
 * @param {any} config
 */
function configure(config) {
	const { resources, runtimeConfig } = config;
	const plain = ({ virtualPath, name }) => ({ virtualPath, name });
	config.mainAssemblyName = 'Oracle';
	config.globalizationMode = 'invariant';
	delete config.extensions;
	runtimeConfig.runtimeOptions.configProperties['System.Globalization.Invariant'] = true;
	const { jsModuleNative, jsModuleRuntime, wasmNative, coreAssembly, assembly } = resources;
	config.resources = {
		jsModuleNative,
		jsModuleRuntime,
		wasmNative: wasmNative.map(({ name }) => ({ name })),
		coreAssembly: coreAssembly.map(plain),
		assembly: [
			...assembly.filter(({ virtualPath }) => ASSEMBLIES.test(virtualPath)).map(plain),
			{ virtualPath: 'Oracle.dll', name: 'Oracle.dll' },
		],
	};
}

/** @param {string} folder */
async function install(folder) {
	const download = path.join(folder, 'download');
	await mkdir(folder, { recursive: true });
	await compile(folder, path.join(folder, 'Oracle.dll'));
	await installPackage(download, RUNTIME);
	const from = path.join(download, 'node_modules', RUNTIME.name, 'debug/wwwroot/_framework');
	const loader = await readFile(path.join(from, 'dotnet.js'), 'utf8');
	const start = loader.indexOf(CONFIG_START) + CONFIG_START.length;
	const end = loader.indexOf(CONFIG_END);
	const config = JSON.parse(loader.slice(start, end));
	configure(config);
	for (const { name } of Object.values(config.resources).flat()) {
		if (name !== 'Oracle.dll') await copyFile(path.join(from, name), path.join(folder, name));
	}
	const text = loader.slice(0, start) + JSON.stringify(config) + loader.slice(end);
	await writeFile(path.join(folder, 'dotnet.js'), text);
	await writeFile(path.join(folder, 'package.json'), '{"type":"module"}\n');
	await rm(download, { recursive: true, force: true });
}

/**
 * .NET 10 with the oracle that answers for it.
 * @returns {Promise<import('../toolchain.mjs').Tool>} The folder with `dotnet.js`.
 */
export async function ensureDotnet() {
	try {
		const hash = createHash('sha256')
			.update(await readFile(SOURCE))
			.digest('hex')
			.slice(0, 8);
		return { path: await installOnce(`dotnet-${RUNTIME.version}-${hash}`, install) };
	} catch (error) {
		return { unavailable: `.NET could not be had: ${String(error)}` };
	}
}
