/** Longest name of anything in a request: that of a deployment. */
export const nameLimit = 260

/** Most extended properties that a request may name: all of a cloud service's, each once to be deleted and once to be added. */
export const propertyLimit = 100

/** Most role instances that are named in one request: more than a subscription has cores. */
export const instanceLimit = 1_000

/** Most extensions of a role, and most roles of an extension configuration: the original took 25 roles. */
export const extensionLimit = 100

/** Longest address, of a package with its signature: what RFC 9110 4.1 asks every recipient to take. */
export const addressLimit = 8_000

/** Longest name in the Domain Name System, with its last dot (RFC 1035 2.3.4). */
export const dnsNameLimit = 254

/** Longest certificate file, and longest configuration of an extension, in characters of Base64: hundreds of certificates. */
export const attachmentLimit = 1024 * 1024

/** Longest password of a certificate file, in characters. */
export const passwordLimit = 1024

/** Longest description, in characters. */
export const descriptionLimit = 1024

/** Longest value of an extended property, in characters. */
export const propertyValueLimit = 255

/** Name of a cloud service: a DNS label that begins and ends with a letter or digit. */
export function isServiceName(name: string): boolean {
  return /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i.test(name)
}

/** Name of an affinity group: what can stand in a path, as short as a service's (S-6). */
export function isAffinityGroupName(name: string): boolean {
  return /^[a-z\d](?:[a-z\d_-]{0,61}[a-z\d])?$/i.test(name)
}

/** Name of a reserved address: what can stand in a path, blanks not at the end of it, and the form `Group <group> <name>` of the later portal (V-2). */
export function isReservedAddressName(name: string): boolean {
  return /^[a-z\d](?:[a-z\d ._-]{0,78}[a-z\d._-])?$/i.test(name)
}

/** ID of an extension within its service (11.1). */
export function isExtensionId(id: string): boolean {
  return /^[\w.-]{1,260}$/.test(id)
}

/** Name of a deployment: any text of 1 to 260 characters that can stand in a path. */
export function isDeploymentName(name: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return /^[^/\\?#%\u0000-\u001f\u007f]{1,260}$/.test(name)
}

export function isPropertyName(name: string): boolean {
  return /^[A-Za-z]\w{0,63}$/.test(name)
}
