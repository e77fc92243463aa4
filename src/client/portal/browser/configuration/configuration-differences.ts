import {
  type ConfigurationForm,
  configurationForm,
  type NamedValue,
  type Place,
  type RoleForm,
} from './configuration-form.ts'

/** One difference between two texts of a .cscfg. */
export type Difference =
  | { readonly place: Place; readonly before: string; readonly after: string }
  | { readonly role: string; readonly isAdded: boolean }
  /** Something that the form does not show. */
  | 'elsewhere'

/** What differs, value by value; nothing for equal texts. */
export function configurationDifferences(before: string, after: string): readonly Difference[] {
  if (before === after) return []
  const [from, to] = [configurationForm(before), configurationForm(after)]
  const found = from && to ? formDifferences(from, to) : []
  return found.length > 0 ? found : ['elsewhere']
}

function formDifferences(from: ConfigurationForm, to: ConfigurationForm): readonly Difference[] {
  const former = new Map(from.roles.map((role) => [role.name, role]))
  const names = new Set(to.roles.map(({ name }) => name))
  return [
    ...values({ what: 'osFamily' }, from.osFamily.value, to.osFamily.value),
    ...values({ what: 'osVersion' }, from.osVersion.value, to.osVersion.value),
    ...to.roles.flatMap((role) => roleDifferences(former.get(role.name), role)),
    ...from.roles.filter(({ name }) => !names.has(name)).map(({ name }) => ({ role: name, isAdded: false })),
  ]
}

function roleDifferences(from: RoleForm | undefined, to: RoleForm): readonly Difference[] {
  const role = to.name
  if (!from) return [{ role, isAdded: true }]
  return [
    ...values({ what: 'instances', role }, from.instances?.value ?? '', to.instances?.value ?? ''),
    ...namedDifferences('setting', role, from.settings, to.settings),
    ...namedDifferences('certificate', role, from.certificates, to.certificates),
  ]
}

function namedDifferences(
  what: 'setting' | 'certificate',
  role: string,
  from: readonly NamedValue[],
  to: readonly NamedValue[],
): readonly Difference[] {
  const [before, after] = [from, to].map((list) => new Map(list.map(({ name, value }) => [name, value])))
  const names = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])
  return [...names].flatMap((name) => values({ what, role, name }, before?.get(name) ?? '', after?.get(name) ?? ''))
}

function values(place: Place, before: string, after: string): readonly Difference[] {
  return before === after ? [] : [{ place, before, after }]
}

/** Roles whose instances the change may bring down: all for the guest OS, those with other settings or certificates otherwise (U-48 to U-50). */
export function rolesTouched(differences: readonly Difference[], roles: readonly string[]): readonly string[] {
  const places = differences.flatMap((one) => (typeof one === 'object' && 'place' in one ? [one.place] : []))
  if (places.some(({ what }) => what === 'osFamily' || what === 'osVersion')) return roles
  const touched = new Set(
    places.flatMap((place) => (place.what === 'setting' || place.what === 'certificate' ? [place.role] : [])),
  )
  return roles.filter((role) => touched.has(role))
}
