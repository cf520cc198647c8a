/** A secret as a server may send it back; each way by its name. */
export function disguise(secret: string, user: string): Readonly<Record<string, string>> {
	const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
	const form = new URLSearchParams({ v: secret }).toString().slice(2);
	const html = secret
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replaceAll('"', '&quot;')
		.replaceAll("'", '&#39;');
	const characters = [...secret];
	const code = (character: string) => character.codePointAt(0) ?? 0;
	const bytes = [...Buffer.from(secret, 'utf8')];
	const hex = (byte: number) => byte.toString(16).padStart(2, '0');
	const json = JSON.stringify(secret).slice(1, -1);
	return {
		'as it stands': secret,
		'in upper case': secret.toUpperCase(),
		'as a JSON string': JSON.stringify({ tried: secret }),
		'as JSON in JSON': JSON.stringify(JSON.stringify({ tried: secret })),
		'as JSON with every sign escaped': characters
			.flatMap((character) =>
				[...Array(character.length).keys()].map((at) => character.charCodeAt(at)),
			)
			.map((unit) => String.raw`\u${unit.toString(16).padStart(4, '0')}`)
			.join(''),
		'as JSON with slashes escaped': json.replaceAll('/', String.raw`\/`),
		'as a quoted string': `"${secret.replace(/["\\]/gu, String.raw`\$&`)}"`,
		'in an address': encodeURIComponent(secret),
		'in an address, every byte': bytes.map((byte) => `%${hex(byte)}`).join(''),
		'in an address, twice': encodeURIComponent(encodeURIComponent(secret)),
		'in a form': form,
		'in HTML': html,
		'in HTML, by numbers': characters.map((one) => `&#${String(code(one))};`).join(''),
		'in HTML, by hexadecimal numbers': characters
			.map((one) => `&#x${code(one).toString(16).toUpperCase()};`)
			.join(''),
		'in quoted-printable': bytes.map((byte) => `=${hex(byte).toUpperCase()}`).join(''),
		'in base64': base64(secret),
		'in base64 for addresses': Buffer.from(secret, 'utf8').toString('base64url'),
		'in base64 within an address': encodeURIComponent(base64(secret)),
		'in base64 of base64': base64(base64(secret)),
		'in base64, folded': base64(`${user}:${secret}`).replace(/.{12}/gu, '$&\r\n '),
		'in a line of PLAIN': base64(`\0${user}\0${secret}`),
		'in a line of PLAIN with an identity': base64(`${user}\0${user}\0${secret}`),
		'in a line of XOAUTH2': base64(`user=${user}\x01auth=Bearer ${secret}\x01\x01`),
		'in a line of OAUTHBEARER': base64(`n,a=${user},\x01auth=Bearer ${secret}\x01\x01`),
		'in a Basic header': `Basic ${base64(`${user}:${secret}`)}`,
		'in a Basic header of OAuth2': `Basic ${base64(`${user}:${form}`)}`,
		'glued to a path': `/auth/${base64(`${user}:${secret}`)}`,
		'in hexadecimal': Buffer.from(secret, 'utf8').toString('hex'),
		'in user-info': `https://${encodeURIComponent(user)}:${encodeURIComponent(secret)}@host/`,
		'in Latin-1': Buffer.from(secret, 'utf8').toString('latin1'),
		'with invisible signs between': characters.join('\u200b'),
		'cut at the end': secret.slice(0, -2),
		'cut with dots': `${secret.slice(0, -2)}...`,
	};
}

/** Words of the disguises that are no secret. */
const WRAPPING = /[:/"{}@\\]|tried|host|Basic|auth/iu;

/** The parts of a disguised secret that are still to be seen in a text. */
export function leaksOf(shown: string, disguised: string): readonly string[] {
	return Array.from({ length: Math.max(0, disguised.length - 5) }, (_, at) =>
		disguised.slice(at, at + 6),
	).filter((part) => !WRAPPING.test(part) && shown.includes(part));
}
