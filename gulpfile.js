const { dest, src } = require('gulp');

/** Copies what tsc leaves behind: icons and node metadata, next to the compiled files. */
const icons = () =>
	src(['nodes/**/*.{svg,png,node.json}', 'credentials/**/*.{svg,png}'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));

module.exports = { icons, default: icons };
