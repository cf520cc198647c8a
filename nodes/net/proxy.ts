import { env } from 'node:process';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for TLS connections to a host, as n8n takes it from there for its own requests:
 * HTTPS_PROXY, else ALL_PROXY, unless NO_PROXY names the host (n8n documentation, "Deployment environment variables").
 */
export function proxyOfEnvironment(
	host: string,
	port: number,
	variables: Environment = env,
): string | undefined {
	const read = (name: string) => variables[name.toLowerCase()] || variables[name] || undefined;
	const proxy = read('HTTPS_PROXY') ?? read('ALL_PROXY');
	if (proxy === undefined || isExcepted(host, port, read('NO_PROXY') ?? '')) return undefined;
	return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** `NO_PROXY`: hosts with or without a port; `.example.com` and `*.example.com` are all hosts of a domain, `*` is every host. */
function isExcepted(host: string, port: number, noProxy: string): boolean {
	return noProxy
		.toLowerCase()
		.split(/[,\s]+/u)
		.filter((entry) => entry !== '')
		.some((entry) => {
			const [, name = entry, wantedPort] = /^(.+):(\d+)$/u.exec(entry) ?? [];
			if (wantedPort !== undefined && Number(wantedPort) !== port) return false;
			const suffix = name.replace(/^\*/u, '');
			return /^[.*]/u.test(name) ? host.endsWith(suffix) : host === name;
		});
}
