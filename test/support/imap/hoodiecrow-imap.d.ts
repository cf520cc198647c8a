/** The part of hoodiecrow-imap 2.1 that the embedded server uses; the package has no types. */
declare module 'hoodiecrow-imap' {
	import type { Server, Socket } from 'node:net';

	namespace hoodiecrow {
		interface Message {
			uid: number;
			flags: string[];
			/** Bytes as a latin1 string. */
			raw: string;
		}
		interface Mailbox {
			path: string;
			flags: string[];
			messages: Message[];
		}
		interface Options {
			secureConnection: boolean;
			credentials: { key: string; cert: string };
			plugins: string[];
			users: Record<string, { password: string }>;
			storage: Record<string, unknown>;
		}
		/** What a FETCH asks for; `partial` is `<0.65536>`. */
		interface FetchItem {
			partial?: number[];
		}
		type FetchHandler = (connection: unknown, message: Message, item: FetchItem) => unknown;
		interface ImapServer {
			readonly server: Server;
			/** Take the place of its own. */
			readonly fetchHandlers: Record<string, FetchHandler>;
			readonly connectionHandlers: Array<(connection: { socket: Socket }) => void>;
			readonly folderCache: Record<string, Mailbox>;
			listen(port: number, host: string, done: () => void): void;
			close(done: () => void): void;
			getMailbox(path: string): Mailbox | undefined;
			createMailbox(path: string): void;
			appendMessage(
				mailbox: Mailbox,
				flags: string[],
				internalDate: string,
				raw: string,
			): { message: Message };
		}
	}

	function hoodiecrow(options: hoodiecrow.Options): hoodiecrow.ImapServer;
	export = hoodiecrow;
}

declare module 'hoodiecrow-imap/lib/commands/handlers/fetch.js' {
	import type hoodiecrow from 'hoodiecrow-imap';

	const handlers: { readonly BODY: hoodiecrow.FetchHandler };
	export = handlers;
}
