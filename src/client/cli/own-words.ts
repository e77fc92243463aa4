/** The API's names for things in its sentences, and the matching commands of the command line. */
const ownWords: readonly (readonly [RegExp, string])[] = [
  [/with comp=media\b/g, 'with --with-deployments'],
  [/\bSet Force to true\b/g, 'Add --force'],
  [/\bwaits for Walk Upgrade Domain \d+/g, 'waits for "reddog walk"'],
]

/** A sentence of the server in the terms of the command line. */
export function inOwnWords(sentence: string): string {
  return ownWords.reduce((text, [theirs, own]) => text.replace(theirs, own), sentence)
}
