import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  makeStyles,
  Select,
  Spinner,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BlobsAnswer } from '../../protocol.ts'
import { useTime } from '../shell/time.ts'
import { Refused } from './brought.tsx'
import { useBytes } from './bytes.ts'
import { blobs, containers } from './gateway-blobs.ts'

export interface ChosenBlob {
  readonly container: string
  readonly name: string
  readonly url: string
  readonly sizeBytes: number
}

interface Browsing {
  readonly title: string
  readonly isOpen: boolean
  readonly close: () => void
  readonly take: (blob: ChosenBlob) => void
}

const useStyles = makeStyles({
  filters: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM },
  content: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  scroller: { overflowX: 'auto', maxHeight: '50vh' },
  table: { minWidth: '28rem' },
  name: { width: '55%', overflowWrap: 'anywhere' },
  blob: { justifyContent: 'flex-start', textAlign: 'start', overflowWrap: 'anywhere', minWidth: 0 },
})

/** Chooses a blob of the subscription's account. */
export function BlobBrowser({ title, isOpen, close, take }: Browsing) {
  const { t } = useTranslation('package')
  return (
    <Dialog open={isOpen} onOpenChange={(_, { open }) => open || close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>
            {isOpen && (
              <Account
                take={(blob) => {
                  take(blob)
                  close()
                }}
              />
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={close}>{t('cancel')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}

function Account({ take }: Pick<Browsing, 'take'>) {
  const styles = useStyles()
  const { t } = useTranslation('package')
  const [chosen, setChosen] = useState('')
  const [prefix, setPrefix] = useState('')
  const { data, error, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['containers'],
    queryFn: ({ pageParam }) => containers(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ after }) => after,
    gcTime: 0,
  })
  const names = data?.pages.flatMap((page) => page.containers) ?? []
  const container = chosen === '' ? (names[0] ?? '') : chosen
  if (error) return <Refused>{error.message === '' ? t('unanswered') : <span lang="en">{error.message}</span>}</Refused>
  if (!data) return <Spinner label={t('loading', { ns: 'shell' })} />
  if (names.length === 0) return <Text>{t('noContainer')}</Text>
  return (
    <div className={styles.content}>
      <div className={styles.filters}>
        <Field label={t('container')}>
          <Select value={container} onChange={(_, { value }) => setChosen(value)}>
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        </Field>
        <Field label={t('prefix')}>
          <Input value={prefix} onChange={(_, { value }) => setPrefix(value)} />
        </Field>
        {hasNextPage && <Button onClick={() => void fetchNextPage()}>{t('moreContainers')}</Button>}
      </div>
      <Blobs container={container} prefix={prefix} take={take} />
    </div>
  )
}

function Blobs(props: { readonly container: string; readonly prefix: string } & Pick<Browsing, 'take'>) {
  const styles = useStyles()
  const { t } = useTranslation('package')
  const { container, prefix, take } = props
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['blobs', container, prefix],
    queryFn: ({ pageParam }) => blobs(container, prefix, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ after }) => after,
    gcTime: 0,
  })
  if (error) return <Refused>{error.message === '' ? t('unanswered') : <span lang="en">{error.message}</span>}</Refused>
  if (!data) return <Spinner label={t('loading', { ns: 'shell' })} />
  const found = data.pages.flatMap((page) => page.blobs)
  if (found.length === 0) return <Text>{t('noBlob')}</Text>
  return (
    <div className={styles.scroller}>
      <Table size="small" className={styles.table} aria-label={t('blobsOf', { container })}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell className={styles.name}>{t('blob')}</TableHeaderCell>
            <TableHeaderCell>{t('size')}</TableHeaderCell>
            <TableHeaderCell>{t('modified')}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {found.map((blob) => (
            <BlobRow key={blob.name} blob={blob} take={() => take({ container, ...blob })} />
          ))}
        </TableBody>
      </Table>
      {hasNextPage && (
        <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </div>
  )
}

function BlobRow({ blob, take }: { readonly blob: BlobsAnswer['blobs'][number]; readonly take: () => void }) {
  const styles = useStyles()
  const bytes = useBytes()
  const time = useTime()
  return (
    <TableRow>
      <TableCell className={styles.name}>
        <Button appearance="transparent" className={styles.blob} onClick={take}>
          {blob.name}
        </Button>
      </TableCell>
      <TableCell>{bytes(blob.sizeBytes)}</TableCell>
      <TableCell>{time(blob.modified)}</TableCell>
    </TableRow>
  )
}
