import { makeStyles, tokens } from '@fluentui/react-components'
import { narrow } from '../shell/navigation.tsx'

/** Tables of sentences. Where the page is narrow a row's cells stand below one another, and the headings are for who listens. */
export const useTableStyles = makeStyles({
  scroller: { overflowX: 'auto' },
  table: { minWidth: '48rem', [narrow]: { minWidth: 0, display: 'block' } },
  head: { [narrow]: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' } },
  body: { [narrow]: { display: 'block' } },
  row: { [narrow]: { display: 'block', paddingBottom: tokens.spacingVerticalXS } },
  time: { width: '11rem' },
  name: { width: '10rem' },
  cell: {
    verticalAlign: 'top',
    paddingTop: tokens.spacingVerticalXS,
    paddingBottom: tokens.spacingVerticalXS,
    overflowWrap: 'anywhere',
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    [narrow]: { display: 'block', height: 'auto', paddingBottom: 0 },
  },
})
