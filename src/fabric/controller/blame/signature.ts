/** So many words tell one fault from another. */
const wordsTold = 8

/** Longest beginning of a sentence that is looked at. */
const charactersRead = 300

/** `RoleCycling: The host process ended with exit code`: what failures of one cause have in common: the code, and the first words without names and numbers. */
export function signatureOf(errorCode: string | undefined, details: string): string {
  const words = details
    .slice(0, charactersRead)
    // What is said of the state comes before what has happened.
    .replace(/^[^.]*\.\.\. /, '')
    // Then comes the time.
    .replace(/\[.*$/s, '')
    .split(/\s+/)
    .filter((word) => word !== '' && !/[\d"'_/\\@=]/.test(word))
    .slice(0, wordsTold)
  return [errorCode, words.join(' ')].filter(Boolean).join(': ')
}
