import { systemWords } from '../../kernel/system-words.ts'

/** The obstacle, from the system's own code, for a person. */
export const systemSentences = {
  ENOSPC: 'The disk is full. Make room, or use another data directory with --data.',
  EDQUOT: 'The disk quota is used up. Make room, or use another data directory with --data.',
  EROFS: 'The data directory is on a file system that cannot be written. Use another with --data.',
  EACCES: 'This user may not write there. Use another data directory with --data.',
  EPERM: 'This user may not do that. Use another data directory with --data.',
} as const

/** One clear sentence for any error; the path is named where the system names it. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, path } = error as NodeJS.ErrnoException
  return code !== undefined && path ? `${path}: ${systemSentence(error)}` : systemSentence(error)
}

/** The same without the path. */
export function systemSentence(error: NodeJS.ErrnoException): string {
  const { code, message } = error
  if (code === undefined) return message
  return (systemSentences as Readonly<Record<string, string>>)[code] ?? `${systemWords(error)}.`
}
