import { makeStyles, tokens } from '@fluentui/react-components'

/** Where two slots no longer fit side by side. */
const stacked = '@media (max-width: 1080px)'

const oneColumn = { gridTemplateColumns: 'minmax(0, 1fr)' }

/** Both slots side by side; what is in use gets the room. */
export const useSlotStyles = makeStyles({
  slots: {
    display: 'grid',
    gap: tokens.spacingHorizontalL,
    alignItems: 'start',
    gridTemplateColumns: 'repeat(2, minmax(0, 1fr))',
    [stacked]: oneColumn,
  },
  one: oneColumn,
  onlyProduction: { gridTemplateColumns: 'minmax(0, 2fr) minmax(0, 1fr)', [stacked]: oneColumn },
  onlyStaging: { gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 2fr)', [stacked]: oneColumn },
})
