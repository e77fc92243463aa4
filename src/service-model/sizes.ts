/** A VM size of a role (service-model.md 4). */
export interface RoleSize {
  /** `Small`, `Standard_D1` … */
  readonly id: string
  readonly cores: number
  /** The core is shared with other instances (A-6). */
  readonly shared: boolean
  readonly memoryMB: number
  /** The role's disk for local storage. */
  readonly diskMB: number
  /** The temporary disk of a virtual machine of that size, for List Role Sizes. */
  readonly machineDiskMB: number
  /** As List Role Sizes shows it. */
  readonly label: string
}

/** Of each role disk: page file 4 GB, dump 2 GB. */
export const reservedDiskMB = 6_144

const mbOfGB = 1024

/** The first sizes have a disk of their own for local storage, given in MB (table 4). */
const firstSizes: readonly (readonly [
  id: string,
  cores: number,
  memoryGB: number,
  diskMB: number,
  machineDiskGB: number,
])[] = [
  ['ExtraSmall', 1, 0.75, 19_480, 20],
  ['Small', 1, 1.75, 229_400, 70],
  ['Medium', 2, 3.5, 500_760, 135],
  ['Large', 4, 7, 1_023_000, 285],
  ['ExtraLarge', 8, 14, 2_087_960, 605],
  ['A5', 2, 14, 500_760, 135],
  ['A6', 4, 28, 1_023_000, 285],
  ['A7', 8, 56, 2_087_960, 605],
]

/** Later ones use the temporary disk of the machine (table 4; the A..._v2 rows are general knowledge). */
const laterSizes: readonly (readonly [id: string, cores: number, memoryGB: number, diskGB: number])[] = [
  ['A8', 8, 56, 382],
  ['A9', 16, 112, 382],
  ['A10', 8, 56, 382],
  ['A11', 16, 112, 382],
  ['Standard_D1', 1, 3.5, 50],
  ['Standard_D2', 2, 7, 100],
  ['Standard_D3', 4, 14, 200],
  ['Standard_D4', 8, 28, 400],
  ['Standard_D1_v2', 1, 3.5, 50],
  ['Standard_D2_v2', 2, 7, 100],
  ['Standard_D3_v2', 4, 14, 200],
  ['Standard_D4_v2', 8, 28, 400],
  ['Standard_D5_v2', 16, 56, 800],
  ['Standard_D11', 2, 14, 100],
  ['Standard_D12', 4, 28, 200],
  ['Standard_D13', 8, 56, 400],
  ['Standard_D14', 16, 112, 800],
  ['Standard_D11_v2', 2, 14, 100],
  ['Standard_D12_v2', 4, 28, 200],
  ['Standard_D13_v2', 8, 56, 400],
  ['Standard_D14_v2', 16, 112, 800],
  ['Standard_D15_v2', 20, 140, 1000],
  ['Standard_G1', 2, 28, 384],
  ['Standard_G2', 4, 56, 768],
  ['Standard_G3', 8, 112, 1536],
  ['Standard_G4', 16, 224, 3072],
  ['Standard_G5', 32, 448, 6144],
  ['Standard_H8', 8, 56, 1000],
  ['Standard_H16', 16, 112, 2000],
  ['Standard_H8m', 8, 112, 1000],
  ['Standard_H16m', 16, 224, 2000],
  ['Standard_H16r', 16, 112, 2000],
  ['Standard_H16mr', 16, 224, 2000],
  ['Standard_A1_v2', 1, 2, 10],
  ['Standard_A2_v2', 2, 4, 20],
  ['Standard_A4_v2', 4, 8, 40],
  ['Standard_A8_v2', 8, 16, 80],
  ['Standard_A2m_v2', 2, 16, 20],
  ['Standard_A4m_v2', 4, 32, 40],
  ['Standard_A8m_v2', 8, 64, 80],
]

/** Every size, in the order of the table. */
export const knownSizes: readonly RoleSize[] = [
  ...firstSizes,
  ...laterSizes.map(([id, cores, memoryGB, diskGB]) => [id, cores, memoryGB, diskGB * mbOfGB, diskGB] as const),
].map(([id, cores, memoryGB, diskMB, machineDiskGB]) => {
  const shared = id === 'ExtraSmall'
  const memoryMB = memoryGB * mbOfGB
  const label = `${id} (${shared ? 'shared core' : `${cores} core${cores === 1 ? '' : 's'}`}, ${memoryMB} MB)`
  return { id, cores, shared, memoryMB, diskMB, machineDiskMB: machineDiskGB * mbOfGB, label }
})

const byId = new Map(knownSizes.map((size) => [size.id, size]))
const plainNames = ['ExtraSmall', 'Small', 'Medium', 'Large', 'ExtraLarge']

/** The size of that id or alias (`A1` and `Standard_A1` are `Small`); undefined when there is none. */
export function sizeOf(id: string): RoleSize | undefined {
  const number = /^(?:Standard_)?A(0|[1-9]\d*)$/.exec(id)?.[1]
  return byId.get(number === undefined ? id : (plainNames[Number(number)] ?? `A${Number(number)}`))
}
