import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { knownSizes, sizeOf } from '../../src/service-model/sizes.ts'

describe('VM sizes (A-6, section 4)', () => {
  const table: readonly (readonly [id: string, cores: number, memoryMB: number, diskMB: number])[] = [
    ['ExtraSmall', 1, 768, 19_480],
    ['Small', 1, 1_792, 229_400],
    ['Medium', 2, 3_584, 500_760],
    ['Large', 4, 7_168, 1_023_000],
    ['ExtraLarge', 8, 14_336, 2_087_960],
    ['A7', 8, 57_344, 2_087_960],
    ['A9', 16, 114_688, 382 * 1024],
    ['Standard_D1_v2', 1, 3_584, 50 * 1024],
    ['Standard_D11', 2, 14_336, 100 * 1024],
    ['Standard_A1_v2', 1, 2_048, 10 * 1024],
  ]
  for (const [id, cores, memoryMB, diskMB] of table)
    it(`${id} has ${cores} cores and ${memoryMB} MB`, () => {
      const size = sizeOf(id)
      assert.deepEqual({ ...size, cores: size?.cores }, { ...size, id, cores, memoryMB, diskMB })
    })

  it('shares the core of ExtraSmall alone', () => {
    assert.deepEqual(
      knownSizes.filter(({ shared }) => shared).map(({ id }) => id),
      ['ExtraSmall'],
    )
  })

  it('takes the aliases', () => {
    assert.equal(sizeOf('A0'), sizeOf('ExtraSmall'))
    assert.equal(sizeOf('Standard_A1'), sizeOf('Small'))
    assert.equal(sizeOf('A4'), sizeOf('ExtraLarge'))
    assert.equal(sizeOf('Standard_A5'), sizeOf('A5'))
    assert.equal(sizeOf('A12'), undefined)
    assert.equal(sizeOf('small'), undefined)
  })
})
