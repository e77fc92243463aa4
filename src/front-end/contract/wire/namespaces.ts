/** Namespace of every document of the Service Management API. */
export const managementNamespace = 'http://schemas.microsoft.com/windowsazure'

/** Namespace of Reddog's own documents (section 16). */
export const reddogNamespace = 'urn:reddog:2026'

/** The spelling that the reference pages show today, accepted in requests. */
export const managementNamespaceOfPages = 'https://schemas.microsoft.com/windowsazure'
