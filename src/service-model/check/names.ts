import type { RoleDefinition, ServiceDefinition } from '../definition.ts'
import { fault, type Notes } from '../document/notes.ts'

/** Names that must be unique, and what a role's name may not hold (2.1, 2.15). */
export function checkNames(notes: Notes, definition: ServiceDefinition): void {
  const { roles, loadBalancerProbes } = definition
  for (const { piece, name } of repeated(roles, (role) => role.name.toLowerCase()))
    fault(notes, piece, `two roles are called ${name}; letter case makes no difference.`)
  for (const { piece, name } of repeated(loadBalancerProbes))
    fault(notes, piece, `two LoadBalancerProbes are called ${name}.`)
  for (const role of roles) checkRole(notes, role)
}

function checkRole(notes: Notes, role: RoleDefinition): void {
  checkFileName(notes, role, 'role name', role.name)
  for (const resource of role.localResources) checkFileName(notes, resource, 'name of local storage', resource.name)
  for (const certificate of role.certificates) {
    checkFileName(notes, certificate, 'certificate name', certificate.name)
    checkFileName(notes, certificate, 'storeName', certificate.storeName)
  }
  const endpoints = [...role.inputEndpoints, ...role.internalEndpoints, ...role.instanceInputEndpoints]
  for (const { piece, name } of repeated(endpoints)) tell(notes, piece, role, 'endpoints', name)
  for (const { piece, name } of repeated(role.certificates)) tell(notes, piece, role, 'certificates', name)
  for (const { piece, name } of repeated(role.localResources)) tell(notes, piece, role, 'local stores', name)
  const settings = role.settings.map((name) => ({ name }))
  for (const { name } of repeated(settings)) tell(notes, role, role, 'settings', name)
  const imports = role.imports.map((module) => ({ name: module.toLowerCase(), module }))
  for (const { piece } of repeated(imports)) tell(notes, role, role, 'imports', piece.module)
}

/** Bytes of a role's name and of its local storage's: together, after the deployment's ID, they are one name of at most 255 bytes (NAME_MAX). */
const longestFileName = 100

/** They become file names and parts of names in the service model. */
function checkFileName(notes: Notes, where: object, what: string, name: string): void {
  if (/[:|/\\"<>*?]|^\.{1,2}$/.test(name))
    fault(notes, where, `the ${what} "${name}" has one of : | / \\ " < > * ? or is no name; use other characters.`)
  const bytes = new TextEncoder().encode(name).length
  if (bytes > longestFileName)
    fault(
      notes,
      where,
      `the ${what} "${name}" has ${bytes} bytes; ${longestFileName} are the most, as it becomes a file name.`,
    )
}

function tell(notes: Notes, where: object, role: RoleDefinition, what: string, name: string): void {
  fault(notes, where, `role ${role.name} has two ${what} called ${name}.`)
}

function repeated<Piece extends { readonly name: string }>(
  pieces: readonly Piece[],
  keyOf: (piece: Piece) => string = (piece) => piece.name,
): readonly { readonly piece: Piece; readonly name: string }[] {
  const seen = new Set<string>()
  return pieces.flatMap((piece) => {
    const again = seen.has(keyOf(piece))
    seen.add(keyOf(piece))
    return again ? [{ piece, name: piece.name }] : []
  })
}
