import type { Lie, PlannedFault } from '../gate/planned-fault';
import { MAILBOXES, type MailKind } from '../chaos-workflow';
import { POISON } from '../chaos-webhook';
import { CLEAN_UP, NOTHING } from './fault-kind';
import type { FaultKind, FaultScene } from './fault-kind';

const MINUTE_MS = 60_000;
/** What servers say as they refuse. */
const REFUSALS = [
	'[SERVERBUG] Internal error occurred',
	'[INUSE] Mailbox is locked',
	'Command failed',
] as const;
/** Mails whose clean-up needs no MOVE and no UIDPLUS, and one that fails always. */
const STAYING: readonly MailKind[] = [
	...(['read', 'read', 'read', 'flag', 'flag', 'stay', 'stay', 'other'] as const),
	POISON,
];

/** Whether a command reads a message, alone or among others: its heads, its structure or its text. */
function reads(uid: number, what: RegExp): (line: string) => boolean {
	return (line) => {
		const [, set = '', items = ''] = /UID FETCH (\S+) (.*)/.exec(line) ?? [];
		return what.test(items) && set.split(',').some((range) => isWithin(uid, range));
	};
}

function isWithin(uid: number, range: string): boolean {
	const [from = '', to = from] = range.split(':');
	return Number(from) <= uid && (to === '*' || uid <= Number(to));
}

/** A mail that comes while n8n is down and that the server cannot read. */
function unreadable(
	name: string,
	spoil: (scene: FaultScene, token: string) => Promise<void>,
): FaultKind {
	return {
		name,
		weight: 4,
		extraMail: 'unreadable',
		isSlow: true,
		comesWhileDown: true,
		holdsMail: true,
		prepare: async (scene) => {
			const { lane } = scene;
			const [token] = await lane.tokensOf('unreadable');
			if (token === undefined) throw new Error('The mail to spoil is not there');
			await spoil(scene, token);
			return { afterPoll: () => lane.keepCompany() };
		},
	};
}

function unreadableAtGate(name: string, act: PlannedFault['act']): FaultKind {
	return unreadable(name, async ({ lane, choice, struck }, token) => {
		const uid = await lane.uidOf(token);
		const { gate } = await lane.ensureAlive();
		const line = reads(uid, choice.pick([/ENVELOPE|BODY/, /BODYSTRUCTURE|BODY\.PEEK\[\d/]));
		gate.plan({ at: /^UID FETCH$/, line, count: 1, times: Infinity, when: 'before', act }, struck);
	});
}

const damagedFile = unreadable('mail whose file is damaged', async ({ lane, struck }, token) => {
	const { site, options } = lane;
	await site.dovecot.damage(options.user, MAILBOXES.watched, token);
	await lane.ensureAlive();
	struck();
});

/** The server is wrong about its mail, a few times. */
function lying(name: string, at: RegExp, toLie: (scene: FaultScene) => Lie): FaultKind {
	return {
		name,
		weight: 6,
		holdsMail: true,
		prepare: async (scene) => {
			const { gate } = await scene.lane.ensureAlive();
			const { choice, struck } = scene;
			const times = choice.between(2, 8);
			gate.plan(
				{ at, count: choice.between(1, 3), times, when: 'after', act: toLie(scene) },
				struck,
			);
			return NOTHING;
		},
	};
}

/** `* SEARCH 4 5 6`, or `* ESEARCH (TAG "7") UID ALL 4:6` (RFC 4731). */
const FOUND = /^(?<head>\* SEARCH| *\* ESEARCH[^\r\n]*? ALL) (?<uids>[\d:, ]+)/gim;

const lyingSearch = lying('SEARCH leaves mail out', /^UID SEARCH$/, ({ choice }) => {
	const share = choice.pick([1, 0.5]);
	return {
		rewrite: (answer) =>
			answer.replace(FOUND, (_whole, head: string, uids: string) => {
				const kept = uids.split(/[ ,]/).filter(() => !choice.chance(share));
				if (head.endsWith('ALL'))
					return kept.length === 0 ? head.slice(0, -4) : `${head} ${kept.join(',')}`;
				return [head, ...kept].join(' ');
			}),
	};
});

const lyingExists = lying('EXISTS is too small', /^(?:SELECT|EXAMINE)$/, ({ choice }) => {
	const less = choice.pick([1, 5, 1_000]);
	return {
		rewrite: (answer) =>
			answer.replace(
				/^\* (\d+) EXISTS/m,
				(_whole, count: string) => `* ${String(Math.max(0, Number(count) - less))} EXISTS`,
			),
	};
});

const lyingUidNext = lying('UIDNEXT is too small', /^(?:SELECT|EXAMINE|STATUS)$/, ({ choice }) => {
	const less = choice.pick([1, 5, 1_000]);
	return {
		rewrite: (answer) =>
			answer.replace(
				/UIDNEXT (\d+)/,
				(_whole, uid: string) => `UIDNEXT ${String(Math.max(1, Number(uid) - less))}`,
			),
	};
});

const restored: FaultKind = {
	name: 'mailbox restored from a backup',
	weight: 6,
	holdsMail: true,
	prepare: async ({ lane, choice, struck }) => {
		const { process } = await lane.ensureAlive();
		await lane.backUp();
		const gone = choice.between(3, 20);
		for (let mail = 0; mail < gone; mail += 1) await lane.deliverCompany();
		lane.site.clock.now += MINUTE_MS;
		await process.tick(true);
		await lane.restore();
		struck();
		return NOTHING;
	},
};

const refusedCleanUps: FaultKind = {
	name: 'clean-ups refused for a while',
	weight: 6,
	prepare: async ({ lane, choice, struck }) => {
		const { gate } = await lane.ensureAlive();
		const act = { refuse: choice.pick(REFUSALS) };
		gate.plan(
			{
				at: CLEAN_UP,
				count: choice.between(1, 4),
				times: choice.between(1, 12),
				when: 'before',
				act,
			},
			struck,
		);
		return NOTHING;
	},
};

const noRoomForKeywords: FaultKind = {
	name: 'no room for a keyword',
	weight: 4,
	prepare: async ({ lane, struck }) => {
		const { gate } = await lane.ensureAlive();
		const act = { refuse: 'Too many user flags in mailbox' };
		const line = (text: string) => /FLAGS[^(]*\([^)]*\$/.test(text);
		gate.plan({ at: /^UID STORE$/, line, count: 1, times: Infinity, when: 'before', act }, struck);
		return NOTHING;
	},
};

const cannotMove: FaultKind = {
	name: 'server without UIDPLUS and MOVE',
	weight: 4,
	mails: STAYING,
	comesWhileDown: true,
	isSlow: true,
	cannotMove: true,
	prepare: async ({ lane, struck }) => {
		const { gate } = await lane.ensureAlive();
		gate.hide(['UIDPLUS', 'MOVE']);
		struck();
		return { afterPoll: () => lane.keepCompany('read') };
	},
};

/** Servers that are wrong about their mail, cannot read it, or refuse what they are asked for. */
export const SERVER_FAULTS: readonly FaultKind[] = [
	restored,
	unreadableAtGate('mail whose FETCH is refused', {
		refuse: '[SERVERBUG] Internal error occurred',
	}),
	unreadableAtGate('mail at whose FETCH the server hangs up', 'close'),
	damagedFile,
	lyingSearch,
	lyingExists,
	lyingUidNext,
	refusedCleanUps,
	noRoomForKeywords,
	cannotMove,
];
