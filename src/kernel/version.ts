/** Version of Reddog: package.json's own. */
export const version = '0.1.0'
