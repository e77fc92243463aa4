export const version = '1'
export const isBroken = false
