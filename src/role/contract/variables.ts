/** Environment variables that pass values from the platform to the runtime and the preload of a role process (role-runtime.md 9; design.md 9.4). */
export const roleVariables = {
  /** Path of the version endpoint; published clients know this name. */
  runtimeEndpoint: 'WaRuntimeEndpoint',
  /** Path of the role environment document at the start of the process. */
  roleEnvironment: 'REDDOG_ROLE_ENVIRONMENT',
  /** Address that a listen on all addresses becomes. */
  listenAddress: 'REDDOG_LISTEN_ADDRESS',
  /** Literal ports that stand for moved ones: `80=8080,443=8443`. */
  portMap: 'REDDOG_PORT_MAP',
  /** Directory of the role's certificates (wire-server.md 8). */
  certificates: 'REDDOG_CERTIFICATES',
  /** Socket of an agent of a plug-in: somebody listens there once it has initialised (P-5). */
  agentSocket: 'REDDOG_AGENT_SOCKET',
  /** NODE_OPTIONS of the Node programs that w3wp starts: W3SVC and w3wp themselves do without. */
  nodeOptions: 'REDDOG_NODE_OPTIONS',
  /** Directory of the platform's .NET assemblies, as the host has compiled them. */
  assemblies: 'REDDOG_ASSEMBLIES',
  /** Module of the entry point; for WaWebHost also a .NET library, or the directory in which one is looked for, where `roleHost` is set. */
  entryPoint: 'REDDOG_ENTRY_POINT',
  /** Program for Mono that holds the entry point of a .NET library beside WaWebHost (I-21). */
  roleHost: 'REDDOG_ROLE_HOST',
} as const
