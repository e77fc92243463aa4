/** Modes of an update by the words of the command line (U-22). */
export const updateModes = { auto: 'Auto', automatic: 'Auto', manual: 'Manual', simultaneous: 'Simultaneous' } as const
