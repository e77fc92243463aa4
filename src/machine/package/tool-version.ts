/** The four-part version that packages state as their SDK version (package-format.md 6.6): the version of package.json and a zero. */
export const toolVersion = '0.1.0.0'
