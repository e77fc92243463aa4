/**
 * Flags of Node for a program of the platform in a guest: a small heap, and nothing that is optimised in V8's own thread, of which Node keeps one whatever
 * is asked. Sizes in megabytes. Origin: measured with two programs of Node behind one another, of which the first passes requests on: 14,100 requests a
 * second and 34 MB with a semi-space of one megabyte and no say in the old space, 21,200 and 35 MB with these. With that thread W3SVC and w3wp have 57
 * and 60 MB after a load, without it 46 and 40; the first seconds of a load take some 40 % more processor time, later ones no more.
 */
export const smallHeap: readonly string[] = [
  '--v8-pool-size=0',
  '--no-concurrent-recompilation',
  '--max-semi-space-size=4',
  '--initial-old-space-size=8',
]
