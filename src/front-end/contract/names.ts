import { textOfBase64 } from './base64.ts'

/** Longest label, decoded, in characters. */
const labelLimit = 100

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

/** At most 100 characters, as they are or in Base64: callers do both where the page says neither (V-2). */
export function isPlainLabel(label: string): boolean {
  return label.length <= labelLimit || isLabel(label)
}

/** Base64 of 1 to 100 characters of UTF-8. */
export function isLabel(base64: string): boolean {
  const length = textOfBase64(base64)?.length ?? 0
  return length >= 1 && length <= labelLimit
}
