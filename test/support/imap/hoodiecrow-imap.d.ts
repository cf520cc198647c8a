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
		interface ImapServer {
			readonly server: Server;
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
