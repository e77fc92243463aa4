/** The command line makes no sense: one sentence that shows how to write it. */
export class WrongUse extends Error {}
