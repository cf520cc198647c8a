import { describe, expect, it } from 'vitest';
import { MAX_HTML_LENGTH, toHtmlBody } from '../../../nodes/mail/text/html-text';

describe('what a reader sees', () => {
	it.each([
		[
			'cells of a row beside each other',
			'<table><tr><td>Spoon:</td><td>false</td></tr><tr><th>Skill</th><td>Kung&nbsp;Fu</td></tr></table>',
			'Spoon: false\nSkill Kung Fu',
		],
		[
			'tables in tables',
			'<table><tr><td><table><tr><td>Host:</td><td><b>web01</b></td></tr></table></td></tr></table>',
			'Host: web01',
		],
		['lines that end in br', 'Spoon: false<br>Host: web01<br/>', 'Spoon: false\nHost: web01'],
		['line ends of the source as blanks', 'Spoon:\r\n   false', 'Spoon: false'],
		['paragraphs apart', '<p>one</p><p>two</p>', 'one\n\ntwo'],
		['blocks on lines of their own', '<div>one</div><div>two</div>', 'one\ntwo'],
		[
			'list items without marks',
			'<ul><li>one</li><li>two</li></ul><ol><li>three</li></ol>',
			'one\ntwo\nthree',
		],
		['quotes without marks', '<blockquote>said</blockquote>', 'said'],
		['headings as written', '<h1>Disk full</h1>now', 'Disk full\nnow'],
		['links as their text', '<a href="https://example.com/x?y=1">Open</a>', 'Open'],
		['no pictures', 'a<img src="https://example.com/p.gif" alt="Logo">b', 'ab'],
		['entities decoded', '&lt;ok&gt; &amp; &#8364;&#x41; &eacute;', '<ok> & €A é'],
		['preformatted text with its line ends', '<pre>a: 1\nb: 2</pre>', 'a: 1\nb: 2'],
		[
			'no styles, scripts, comments and titles',
			'<head><title>t</title><STYLE type="text/css">p{}</STYLE></head><!-- c --><body>x<script>y()</script ><!--[if mso]>z<![endif]--></body>',
			'x',
		],
		[
			'no conditional comment around text that all may see',
			'a<!--[if !mso]><!--><b>b</b><!--<![endif]-->c',
			'abc',
		],
		['text behind an empty comment', 'a<!-->b<!--->c', 'abc'],
		['text behind a comment with a bang', 'a<!--x--!>b', 'ab'],
		['text behind an end tag with attributes', '<style>p{}</style foo>b', 'b'],
		['text beside an attribute that looks like a comment', '<a title="<!--">a</a> b', 'a b'],
		['text beside an attribute that looks like a tag', '<a title="</a><style>">a</a> b', 'a b'],
		['nothing hidden', '<div style="display: none">x<div>y</div>z</div><p hidden>w<p>a', 'a'],
		[
			'nothing that a style hides',
			'<p style="visibility:hidden">a</p><p style="opacity: 0">b</p><div style="max-height:0px;overflow:hidden">c</div><p style="DISPLAY : None !important">d</p>e',
			'e',
		],
		[
			'what a comment or a later style shows',
			'<p style="/* display:none */ color:red">a</p><b style="display:none;display:inline">b</b><i style="x-display:none">c</i>',
			'a\n\nbc',
		],
		[
			'nothing that a class hides, as preview texts mostly are',
			'<style>@import "x"; body{margin:0} .preheader, td.m { display:none !important }</style><span class="x preheader" style="display:block">a</span><td class="m">b</td><p class="m">c</p>',
			'c',
		],
		[
			'what a wide screen shows',
			'<style>.s{display:none}.w{display:none}@media only screen and (max-width:600px){.s{display:block}.b{display:none}}@media (min-width: 600px){.w{display:block}}</style><style media="print">.b{display:none}</style><p class="s">a</p><p class="w">b</p><p class="b">c</p>',
			'b\n\nc',
		],
		[
			'a tiny font as what it is',
			'<td style="font-size:0"><div style="font-size:14px">a</div></td>',
			'a',
		],
		[
			'line ends that a style keeps, until its element ends',
			'<div style="white-space: pre-wrap">a:  1\n b</div><p><span style="white-space:pre-line">c:  1\n d</p>e\nf',
			'a:  1\n b\n\nc: 1\nd\n\ne f',
		],
		['no line end right behind pre', '<pre>\na\nb</pre>', 'a\nb'],
		['lines of a text field', '<textarea>\na\nb</textarea>', 'a\nb'],
		[
			'elements as their style lays them out',
			'<span style="display:block">a</span><b style="display:block">b</b><div style="display:inline">c: </div><div style="display:inline">d</div>',
			'a\nb\nc: d',
		],
		[
			'tables that are made of styles',
			'<div style="display:table"><div style="display:table-row"><div style="display:table-cell">Spoon:</div><div style="display:table-cell">false</div></div><div style="display:table-row"><div style="display:table-cell">Host:</div><div style="display:table-cell"><p>db1</p></div></div></div>',
			'Spoon: false\nHost: db1',
		],
		['no marks of where a word may be broken', 'Tele&shy;phone&#8203;book', 'Telephonebook'],
		['no line of invisible characters', '<p>&#847;&zwnj;&nbsp;&#847;&zwnj;</p><p>a</p>', 'a'],
		['no hidden cells', '<table><tr><td>a<td hidden>b<td>c</table>', 'a c'],
		['no hidden rows', '<table><tr hidden><td>a<tr><td>b</table>c', 'b\nc'],
		['a hidden picture as what it is', '<img hidden>a<br style="display:none">b', 'a\nb'],
		[
			'blocks in cells beside each other',
			'<table><tr><td><p>Spoon:</p></td><td><div>false</div></td></tr></table>',
			'Spoon: false',
		],
		[
			'blank cells as one blank',
			'<table><tr><td>Spoon:</td><td>&nbsp;</td><td> </td><td>&#8203;</td><td>false</td></tr></table>',
			'Spoon: false',
		],
		[
			'lines within a cell',
			'<table><tr><td>DB:</td><td><p>one</p><p>two</p></td></tr></table>',
			'DB: one\n\ntwo',
		],
		[
			'a nested table of several rows as a block',
			'<table><tr><td>a</td><td><table><tr><td>b</td></tr><tr><td>c</td></tr></table></td><td>d</td></tr></table>',
			'a\nb\nc\nd',
		],
		[
			'cells and rows that are never closed',
			'<table><tr><td>a<td>b<tr><td>c<td>d</table>e',
			'a b\nc d\ne',
		],
		['lists of terms', '<dl><dt>Spoon</dt><dd>false</dd></dl>Bye', 'Spoon\nfalse\nBye'],
		[
			'the rest of the blocks',
			'<center>a</center><address>b</address><fieldset><legend>c</legend>d</fieldset><details><summary>e</summary>f</details><table><caption>g</caption><tr><td>h</table>',
			'a\nb\nc\nd\ne\nf\ng\nh',
		],
		['no half characters', 'a&#xD83D;b', 'a\uFFFDb'],
		['nothing behind a style that never ends', 'a<style>b', 'a'],
		['tags that are never closed', '<p>one<p>two<br>x', 'one\n\ntwo\nx'],
		['a text without tags', 'just text', 'just text'],
		['nothing of nothing', '', ''],
	])('%s', (_name, html, expected) => {
		const { text, truncated } = toHtmlBody(html);
		expect({ text, truncated }).toStrictEqual({ text: expected, truncated: false });
	});
});

describe('limits', () => {
	it('converts the beginning of a long text and says so', () => {
		const { text, truncated } = toHtmlBody(`<p>first</p>${'<p>more</p>'.repeat(30_000)}`);

		expect(truncated).toBe(true);
		expect(text.startsWith('first\n\nmore')).toBe(true);
	});

	it('drops half a tag at the end of what was read', () => {
		expect(toHtmlBody('one<br>two<a hre', true)).toStrictEqual({
			text: 'one\ntwo',
			truncated: true,
		});
	});

	const repeated = (piece: string) => piece.repeat(Math.ceil((2 * MAX_HTML_LENGTH) / piece.length));
	it.each([
		['nested divisions', repeated('<div>')],
		['nested tables', repeated('<table><tr><td>')],
		['nested inline tags', repeated('<b>x')],
		['nested lists', repeated('<ol><li>x')],
		['nested headings', repeated('<h1>x')],
		['nested quotes', repeated('<blockquote>x')],
		['rows', `<table>${repeated('<tr><td>a</td><td>b</td></tr>')}`],
		['brackets', repeated('<')],
		['comments that are not closed', repeated('<!--')],
		['scripts that are not closed', repeated('<script>')],
		['closing tags', repeated('</div>')],
		['attributes', `<a ${repeated('x=y ')}>`],
		['blanks', repeated(' ')],
		['one word', repeated('a')],
		['ampersands', repeated('&am')],
		['breaks at the deepest level', `${'<blockquote>'.repeat(90)}${repeated('a<br>')}`],
		['paragraphs', repeated('<p>')],
	])('survives %s, with no more text than there was HTML', (_name, html) => {
		const { text } = toHtmlBody(html);

		expect(text.length).toBeLessThanOrEqual(MAX_HTML_LENGTH);
	});
});

describe('the cells of a table', () => {
	it.each<[string, string, string]>([
		[
			'are divided by tabs beside the text',
			'<table><tr><th>Host</th><th>Free</th></tr><tr><td>db 1</td><td><b>5</b> GB</td></tr></table>',
			'Host\tFree\ndb 1\t5 GB',
		],
		[
			'are counted where they are empty',
			'<table><tr><td></td><td>a</td><td> </td><td>b</td></tr></table>',
			'\ta\t\tb',
		],
		[
			'of a table within a cell stand on lines of their own',
			'<table><tr><td><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table></td></tr></table>',
			'a\tb\nc\td',
		],
	])('%s', (_what, html, cells) => {
		const converted = toHtmlBody(html);
		expect(converted.cells).toBe(cells);
		expect(converted.text).toBe(
			cells
				.split('\n')
				.map((line) => line.trim().replace(/\t+/g, ' '))
				.join('\n'),
		);
	});

	it('are not there where there is no table', () => {
		expect(toHtmlBody('<p>a</p>')).toEqual({ text: 'a', truncated: false });
	});
});
