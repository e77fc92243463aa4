import { makeStyles, tokens } from '@fluentui/react-components'

/** Tables of sentences: they scroll in their own frame where the page is narrow. */
export const useTableStyles = makeStyles({
  scroller: { overflowX: 'auto' },
  table: { minWidth: '48rem' },
  time: { width: '11rem' },
  name: { width: '10rem' },
  cell: {
    verticalAlign: 'top',
    paddingTop: tokens.spacingVerticalXS,
    paddingBottom: tokens.spacingVerticalXS,
    overflowWrap: 'anywhere',
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
})
