/** Routes of the controller for hosts (the host agent dials). The caller's certificate says which host it is; no route takes a host's name. */
export const hostPaths = {
  /** POST HostFacts → 204. */
  register: '/host/register',
  /** GET ?after=<version>&wait=<ms> → HostGoal, 204 when nothing newer came. */
  goal: '/host/goal',
  /** POST HostReport → 204. A report in which an instance leaves Ready is answered when it is out of rotation, or after rotationOutLimit. */
  report: '/host/report',
  /** POST Answer, ?id=<ask> → 204. */
  answer: '/host/answer',
  /** GET /host/packages/<sha256> → the .cspkg, for a package placed on this host; 403 otherwise. */
  packages: '/host/packages/',
} as const
