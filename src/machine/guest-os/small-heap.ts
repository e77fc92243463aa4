/**
 * Flags of Node for a program of the platform in a guest: no threads of V8's own, and a small heap. Sizes in megabytes. Origin: measured with two
 * programs of Node behind one another, of which the first passes requests on: 14,100 requests a second and 34 MB with a semi-space of one megabyte
 * and no say in the old space, 21,200 and 35 MB with these.
 */
export const smallHeap: readonly string[] = [
  '--v8-pool-size=0',
  '--max-semi-space-size=4',
  '--initial-old-space-size=8',
]
