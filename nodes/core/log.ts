/** Where the layers below n8n report to; n8n's own logger fits. Never given a secret, a body or an address list. */
export interface Log {
	debug(message: string, details?: Readonly<Record<string, unknown>>): void;
	info(message: string, details?: Readonly<Record<string, unknown>>): void;
	warn(message: string, details?: Readonly<Record<string, unknown>>): void;
	error(message: string, details?: Readonly<Record<string, unknown>>): void;
}
