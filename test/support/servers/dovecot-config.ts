/** How Dovecot checks XOAUTH2 tokens: as JWTs signed with RS256. */
export interface DovecotOauth {
	/** The `iss` claim that a token must have. */
	issuer: string;
	/** Public key (SPKI, PEM) of the signature. */
	publicKeyPem: string;
	/** The `kid` that the tokens' header names; left out when they name none. */
	keyId?: string;
	/** The `azp` claim of the tokens; left out when they have none. */
	clientId?: string;
	/** The one value of the `roles` claim; `IMAP.AccessAsApp` when left out. */
	role?: string;
	/** Asked about each token (RFC 7662) in place of looking at its signature: then tokens can be revoked. */
	introspectionUrl?: string;
}

export interface DovecotFiles {
	/** Folder of this server, absolute. */
	folder: string;
	port: number;
	/** Where the unpacked Dovecot lies; undefined for an installed one. */
	root: string | undefined;
	libraryPath: string;
	user: string;
	group: string;
	mechanisms: string;
	capability: string | undefined;
	/** Further lines of configuration, as they stand. */
	config: string;
	oauth: boolean;
}

const toRelocation = ({ root, libraryPath }: DovecotFiles) =>
	root === undefined
		? ''
		: `libexec_dir = ${root}/usr/lib/dovecot
login_plugin_dir = ${root}/usr/lib/dovecot/modules/login
mail_plugin_dir = ${root}/usr/lib/dovecot/modules
import_environment = TZ LD_LIBRARY_PATH=${libraryPath}
`;

const toOauthPassdb = ({ oauth, folder }: DovecotFiles) =>
	oauth
		? `passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${folder}/oauth2.conf.ext
}
`
		: '';

const SPECIAL_USE = ['Drafts', 'Junk', 'Sent', 'Trash', 'Archive']
	.map((name) => `  mailbox ${name} {\n    special_use = \\${name}\n  }\n`)
	.join('');

/** Writes dovecot.conf for version 2.3, which wants one setting per line. */
export const toDovecotConfig = (files: DovecotFiles) => `base_dir = ${files.folder}/run
state_dir = ${files.folder}/state
log_path = ${files.folder}/dovecot.log
${toRelocation(files)}protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <${files.folder}/cert.pem
ssl_key = <${files.folder}/key.pem
ssl_min_protocol = TLSv1.2
default_internal_user = ${files.user}
default_internal_group = ${files.group}
default_login_user = ${files.user}
auth_mechanisms = ${files.mechanisms}
auth_verbose = yes
auth_failure_delay = 0
mail_location = maildir:~/Maildir
mail_max_userip_connections = 50
first_valid_uid = 1
${files.capability === undefined ? '' : `imap_capability = ${files.capability}\n`}${toOauthPassdb(files)}passdb {
  driver = passwd-file
  mechanisms = plain login
  args = ${files.folder}/users
}
userdb {
  driver = static
  args = uid=${files.user} gid=${files.group} home=${files.folder}/mail/%u
}
namespace inbox {
  inbox = yes
  separator = /
${SPECIAL_USE}}
service imap-login {
  chroot =
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = ${files.port}
    ssl = yes
  }
}
service anvil {
  chroot =
  # Without this a failed login costs all later ones seconds.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
${files.config}`;

/**
 * Writes the settings of the oauth2 passdb.
 * An application's token opens every mailbox of one domain, as in Exchange: its claim `mail_domain`
 * holds any address of that domain and only the domains are compared. `sub`, `exp` and exactly one
 * `roles` value have to be there as well.
 */
export const toOauthConfig = (folder: string, oauth: DovecotOauth) =>
	oauth.introspectionUrl === undefined
		? `introspection_mode = local
local_validation_key_dict = fs:posix:prefix=${folder}/keys/
issuers = ${oauth.issuer}
username_attribute = mail_domain
username_format = %d
active_attribute = roles
active_value = ${oauth.role ?? 'IMAP.AccessAsApp'}
`
		: `introspection_mode = post
introspection_url = ${oauth.introspectionUrl}
username_attribute = mail_domain
username_format = %d
active_attribute = active
active_value = true
`;

/** Where, below `keys/`, Dovecot looks for the public key of a token. */
export const toKeyPath = ({ clientId = 'default', keyId = 'default' }: DovecotOauth) =>
	`${clientId}/RS256/${keyId}`;
