import { configWithoutCloudSupport } from '@n8n/node-cli/eslint';
import regexp from 'eslint-plugin-regexp';

/**
 * The layers of docs/architecture.md: what a folder may not import.
 * Each folder is reachable only downwards; see the drawing there.
 */
const N8N = { group: ['n8n-*'], message: 'Only shell/ and the nodes know n8n.' };
const DRIVERS = {
	group: ['imapflow', 'mailparser', '@azure/*', 'libmime', 'libqp', 'parse5'],
	message: 'Only mail/ and auth/ know their drivers.',
};
const upward = (...folders) => ({
	group: folders.flatMap((folder) => [`**/${folder}`, `**/${folder}/**`]),
	message: 'A layer is reachable only downwards.',
	// core/config/alertmagic is not nodes/AlertMagic.
	caseSensitive: true,
});
const NODES = ['ImapIngest', 'EmailCapture', 'AlertMagic'];
const ABOVE_CORE = ['net', 'mail', 'auth', 'ingest', 'shell', ...NODES];
const except = (...folders) => ABOVE_CORE.filter((folder) => !folders.includes(folder));

const layer = (folder, patterns) => ({
	files: [`nodes/${folder}/**/*.ts`],
	rules: {
		'no-restricted-imports': 'off',
		'@typescript-eslint/no-restricted-imports': ['error', { patterns }],
		// These layers throw their own errors; shell/ turns them into n8n's.
		'@n8n/community-nodes/require-node-api-error': 'off',
	},
});

export default [
	{ ignores: ['dist/**', 'node_modules/**', '.cache/**', 'coverage/**'] },
	...configWithoutCloudSupport,
	{
		files: ['package.json'],
		rules: {
			// The drivers are ordinary dependencies: n8n installs them nested. See docs/dependencies.md.
			'@n8n/community-nodes/no-runtime-dependencies': 'off',
		},
	},
	{
		files: ['credentials/**/*.ts'],
		rules: {
			// The names are part of the contract: "IMAP Ingest Account", "AlertMagic Webhook".
			'n8n-nodes-base/cred-class-field-display-name-missing-api': 'off',
		},
	},
	{
		files: ['**/*.ts'],
		languageOptions: { parserOptions: { projectService: true } },
		rules: {
			'@typescript-eslint/await-thenable': 'error',
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': 'error',
			'@typescript-eslint/no-unnecessary-condition': 'error',
			'@typescript-eslint/no-unnecessary-type-assertion': 'error',
			'@typescript-eslint/only-throw-error': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': [
				'error',
				{ considerDefaultExhaustiveForUnions: true },
			],
			'@typescript-eslint/consistent-type-imports': 'error',
			complexity: ['error', 12],
			'max-lines': ['error', { max: 300 }],
			'max-lines-per-function': ['error', { max: 60 }],
		},
	},
	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
		plugins: { regexp },
		rules: {
			// Strangers write what our own expressions are run on.
			'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
			'regexp/no-super-linear-move': ['error', { report: 'potential', ignoreSticky: true }],
		},
	},
	layer('core', [N8N, DRIVERS, upward(...ABOVE_CORE)]),
	layer('net', [N8N, DRIVERS, upward(...except('net'))]),
	layer('mail', [
		N8N,
		{ group: ['@azure/*'], message: DRIVERS.message },
		upward(...except('mail', 'net')),
	]),
	layer('auth', [
		N8N,
		{ group: ['imapflow', 'mailparser', 'lib*', 'html-to-text'], message: DRIVERS.message },
		upward(...except('auth', 'net')),
	]),
	layer('ingest', [N8N, DRIVERS, upward('net', 'shell', ...NODES)]),
	layer('shell', [DRIVERS, upward(...NODES)]),
	...NODES.map((node) =>
		layer(node, [DRIVERS, upward(...NODES.filter((other) => other !== node))]),
	),
	{
		files: ['test/**/*.ts'],
		rules: {
			'@n8n/community-nodes/no-restricted-imports': 'off',
			'@n8n/community-nodes/no-restricted-globals': 'off',
			'@n8n/community-nodes/require-node-api-error': 'off',
			// Tests start Dovecot and n8n.
			'@n8n/community-nodes/no-dangerous-functions': 'off',
			'max-lines': ['error', { max: 400 }],
			'max-lines-per-function': 'off',
			'no-console': 'off',
		},
	},
];
