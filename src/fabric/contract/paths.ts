/** Routes of the controller's HTTPS server; each requires a client certificate of the fabric's own authority. */
export const fabricPaths = {
  /** POST CommandEnvelope → CommandReply. Certificate of the front end. */
  command: '/commands',
  /** POST { view, ask } → answer. Certificate of the front end. */
  view: '/views',
  /** GET ?after=<version>&wait=<ms> → RotationTable, 204 when nothing newer came. Certificate of the load balancer. */
  rotation: '/rotation',
  /** POST RotationReport → 204. */
  rotationReport: '/rotation/report',
  /** GET, PUT and DELETE /packages/<sha256>: a package of another candidate. Certificate of the controller. */
  packages: '/packages/',
  /** POST HeldReport → HeldAnswer, to the master. Certificate of the controller. */
  packagesHeld: '/packages/held',
} as const

/** Whether a certificate with that common name is a load balancer's. */
export function isLoadBalancer(peer: string): boolean {
  return peer === party.loadBalancer || peer.startsWith(party.loadBalancerPrefix)
}

/** Common names in the certificates of the fabric's own parties; a host's is `host:<name>`. */
export const party = {
  frontEnd: 'front-end',
  controller: 'controller',
  /** Of a fabric on one machine; of several, each machine has one with its own name behind loadBalancerPrefix. */
  loadBalancer: 'load-balancer',
  loadBalancerPrefix: 'load-balancer:',
  hostPrefix: 'host:',
  /** The building of a machine: BlobGate, renewals. */
  machinePrefix: 'machine:',
} as const
