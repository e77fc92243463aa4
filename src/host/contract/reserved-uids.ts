/** Uids and gids from here up are Reddog's: distributions give out none so high. Guests' begin a million higher, since no fabric has a b below 16. */
export const lowestUid = 200_000
