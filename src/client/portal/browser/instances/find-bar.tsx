import { Button, Field, makeStyles, SearchBox, Text, tokens } from '@fluentui/react-components'
import { ChevronDownRegular, ChevronUpRegular } from '@fluentui/react-icons'
import { useTranslation } from 'react-i18next'
import { matchLimit } from './find-in-log.ts'
import type { Find } from './use-find.ts'

const useStyles = makeStyles({
  bar: { display: 'flex', alignItems: 'flex-end', columnGap: tokens.spacingHorizontalXS, flexWrap: 'wrap' },
  count: { minWidth: '5rem', alignSelf: 'center', marginTop: tokens.spacingVerticalXL },
})

/** Finds a text in the lines of a log. */
export function FindBar({ find }: { readonly find: Find }) {
  const styles = useStyles()
  const { t } = useTranslation('instances')
  const { text, matches, at } = find
  const all = matches.length === matchLimit ? `${matchLimit}+` : String(matches.length)
  return (
    <div className={styles.bar}>
      <Field label={t('log.find')}>
        <SearchBox
          value={text}
          onChange={(_, { value }) => find.look(value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            find.step(event.shiftKey ? -1 : 1)
          }}
        />
      </Field>
      <Button
        icon={<ChevronUpRegular />}
        aria-label={t('log.previous')}
        disabled={matches.length === 0}
        onClick={() => find.step(-1)}
      />
      <Button
        icon={<ChevronDownRegular />}
        aria-label={t('log.next')}
        disabled={matches.length === 0}
        onClick={() => find.step(1)}
      />
      <Text className={styles.count} aria-live="polite">
        {text !== '' && (matches.length === 0 ? t('log.foundNone') : t('log.found', { at: at + 1, all }))}
      </Text>
    </div>
  )
}
