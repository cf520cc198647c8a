/** Flags and keywords as a server writes them; asked for in any case, which servers may change (RFC 3501, 9: Stalwart). */
export class FlagSet extends Set<string> {
	override has(flag: string): boolean {
		const wanted = flag.toLowerCase();
		return super.has(flag) || [...this].some((own) => own.toLowerCase() === wanted);
	}
}
