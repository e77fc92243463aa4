/** Headers of the wire protocol, as node:http spells them (wire-server.md 4, 7, 8). */
export const wireHeaders = {
  version: 'x-ms-version',
  agentName: 'x-ms-agent-name',
  /** Of every answer to a health report: the container's newest incarnation. */
  incarnation: 'x-ms-latest-goal-state-incarnation-number',
  /** Of a health report: longest time in ms for which its answer may be held. */
  waitMs: 'x-reddog-wait-ms',
  /** Of a health report whose answer may be held: the incarnation that the guest has in hand, which may be newer than the one it speaks of. */
  inHand: 'x-reddog-incarnation',
  transportCertificate: 'x-ms-guest-agent-public-x509-cert',
  /** Public key, RSA, SPKI in Base64, to which a machine key is sealed (I-14). */
  transportKey: 'x-reddog-transport-key',
  cipher: 'x-ms-cipher-name',
} as const

/** The `x-ms-agent-name` of Reddog's own guest agent; any other name is a foreign agent's. */
export const ownAgentName = 'WindowsAzureGuestAgent'
