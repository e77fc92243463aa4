/** Words before a command that an ordinary user runs in new namespaces of user and network, where it has the rights of root. */
export const asRootOfNamespaces = ['unshare', '--user', '--map-root-user', '--net', '--'] as const
