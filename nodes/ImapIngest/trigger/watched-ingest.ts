import type { Ingest } from '../../ingest/ingest';
import type { MailAccount, OpenMailbox } from '../../mail/ports';

/** The registration of an instant trigger on whose behalf mail is looked at. */
export interface Registration {
	/** The connection that watches just now, or undefined while there is none. */
	readonly watch: () => Pick<MailAccount, 'withMailbox'> | undefined;
	/** Milliseconds between two safety scans, each with an audit. */
	readonly safetyScanMs: number;
	/** True once nothing may be started any more. */
	readonly isClosed: () => boolean;
	/** Called whenever the mailbox was opened, before anything is done there. */
	readonly onOpen: (mailbox: OpenMailbox) => void;
	/** Called when a look has to note what came of a delivery, or may go on. */
	readonly onChange: () => void;
}

/** What a look works with: the mailbox over the connection that watches, and executions only while it is registered. */
export function toWatchedIngest(ingest: Ingest, registration: Registration): Ingest {
	return {
		...ingest,
		settings: { ...ingest.settings, auditEveryMs: registration.safetyScanMs },
		account: watchedAccount(ingest.account, registration),
		workflow: watchedWorkflow(ingest.workflow, registration),
	};
}

/** Where no connection watches, a clean-up that has become due uses a shared one. */
function watchedAccount(shared: MailAccount, registration: Registration): MailAccount {
	return {
		list: shared.list,
		withMailbox: (path, work, options) =>
			(registration.watch() ?? shared).withMailbox(
				path,
				async (mailbox) => {
					registration.onOpen(mailbox);
					return await work(mailbox);
				},
				options,
			),
	};
}

/** Once all is closed no execution starts any more; the next registration delivers what is pending. */
function watchedWorkflow(
	workflow: Ingest['workflow'],
	registration: Registration,
): Ingest['workflow'] {
	return {
		report: (event) => {
			if (!registration.isClosed()) workflow.report(event);
		},
		handOver: async (items) => {
			if (registration.isClosed()) return { outcome: 'unknown' };
			const end = await workflow.handOver(items);
			if (end.outcome !== 'success') registration.onChange();
			return end;
		},
	};
}
