/** What `npm run generate -- field` changes: a domain is then what it would be if it had been generated with the field. */
import { planAll } from '../../support/planning.js';

const TYPES = [
  'label:text:1..80',
  'label:text:8..40:unique',
  'label:text:optional',
  'labels:text:1..30:list',
  'labels:text:list:optional',
  'size:integer:0..9007199254740991:unique:optional',
  'sizes:integer:list',
  'weight:decimal:8.3',
  'is_open:boolean:optional',
  'status:enum:draft/public',
  'states:enum:on/off:list:optional',
  'due_date:day:unique',
  'seen_at:instant:optional',
  'link:url:unique',
  'contact:email:optional',
  'serial:uuid:unique',
  'extra:json',
  'task:ref:tasks',
  'task:ref:tasks:optional other_task:ref:tasks:optional',
  'story:text:1..100000',
];
const FIRST = ['name:text', 'code:text:8..40:unique kind:enum:a/b text:text:1..20000 job:ref:tasks:optional'];
const FLAGS = [
  '',
  '--owner user --list cursor',
  '--cached --soft-delete',
  '--owner user --cached --soft-delete --admin',
];
const LISTED = '--owner user --filter kind,tags --sort name --search name';

const CASES = [
  ...TYPES.map((more, at) => ({ first: FIRST[(at + (at >> 2)) % 2]!, more, flags: FLAGS[at % 4]! })),
  { first: 'name:text:1..80 kind:enum:a/b tags:text:list', more: 'task:ref:tasks size:enum:s/m', flags: LISTED },
  { first: 'name:text', more: TYPES.filter((_, at) => at % 3 === 0 && at !== 18).join(' '), flags: FLAGS[3]! },
];

const REFUSED: [request: string, sentence: string][] = [
  ['', 'Name the domain'],
  ['notes', 'Name a field'],
  ['nothing title', 'There is no domain nothing that takes fields; these do: '],
  ['users title', 'There is no domain users that takes fields'],
  ['../x title', 'There is no domain ../x that takes fields'],
  ['notes title', 'There is a field called title already, in src/notes/note.entity.ts'],
  ['notes task_id:integer', 'There is a field called task_id already'],
  ['notes created_at:instant', 'created_at is a field that the domain has by itself'],
  ['notes price:money', 'price: there is no type money'],
  ['notes class', 'class is a reserved word of TypeScript'],
  ['notes size size', 'There are two fields called size'],
  ['notes part:ref:nothing', 'part: a ref names a domain that has facts'],
  ['notes parent:ref:notes', 'parent: a ref names a domain that has facts'],
  ['notes reply:ref:replies', 'reply: a ref names a domain that has facts'],
  ['notes size --cached', 'Unknown option'],
];
const BEFORE = ['domain notes title task:ref:tasks', 'domain replies note:ref:notes'];

const planned = planAll([
  ...CASES.flatMap(({ first, more, flags }) => [
    [`domain gizmos ${first} ${more} ${flags}`],
    [`domain gizmos ${first} ${flags}`, `field gizmos ${more}`],
  ]),
  ...REFUSED.map(([request]) => [...BEFORE, `field ${request}`]),
]);
const refusals = planned.slice(2 * CASES.length);

test.each(CASES.map(({ first, more, flags }, at) => [`${first} ${flags}`, more, at] as const))(
  'gizmos %s with %s is as if generated with it',
  (_first, _more, at) => {
    const [whole, grown] = [planned[2 * at]!, planned[2 * at + 1]!];
    expect([whole.refused, grown.refused]).toEqual([undefined, undefined]);
    expect(grown.files).toEqual(whole.files);
  },
);

test.each(REFUSED.map((one, at) => [...one, at] as const))('field %s is refused: %s', (_, sentence, at) => {
  const { refused } = refusals[at]!;
  expect(refused).toMatch(/^[^\n]+$/);
  expect(refused!.slice(0, sentence.length)).toBe(sentence);
});
