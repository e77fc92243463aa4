import { version } from '../../kernel/version.ts'

/** The four-part version that packages state as their SDK version (package-format.md 6.6): the version of Reddog and a zero. */
export const toolVersion = `${version}.0`
