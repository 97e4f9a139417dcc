import { validateSync } from 'class-validator';
import { AppConfig, type Environment } from '../config/app.config.js';
import { settingsOf } from '../config/settings.js';
import { FrontendConfig } from './frontend.config.js';

const { ENVIRONMENT } = settingsOf(AppConfig);
afterEach(() => {
  settingsOf(AppConfig).ENVIRONMENT = ENVIRONMENT;
});

function configOf(FRONTEND_URL: string | undefined, environment: Environment = 'local'): FrontendConfig {
  settingsOf(AppConfig).ENVIRONMENT = environment;
  return Object.assign(new FrontendConfig(), { FRONTEND_URL });
}

const isGood = (config: FrontendConfig) => validateSync(config).length === 0 && config.problems().length === 0;

const ADDRESSES: [string | undefined, Environment, boolean][] = [
  [undefined, 'local', true],
  ['http://localhost:3000', 'local', true],
  ['https://app.example.com/shop', 'production', true],
  [undefined, 'staging', false],
  [undefined, 'production', false],
  ['http://app.example.com', 'production', false],
  ['https://app.example.com/#/', 'local', false],
  ['javascript:alert(1)', 'local', false],
  ['app.example.com', 'local', false],
];

test.each(ADDRESSES)('%s in %s: %s', (address, environment, isTaken) => {
  expect(isGood(configOf(address, environment))).toBe(isTaken);
});

test.each([
  [undefined, 'http://localhost:5173/reset-password'],
  ['https://app.example.com', 'https://app.example.com/reset-password'],
  ['https://app.example.com/shop/', 'https://app.example.com/shop/reset-password'],
])('a page of %s is at %s', (address, page) => {
  expect(configOf(address).pageAt('/reset-password')).toBe(page);
});

test('what is secret is in the fragment, encoded', () => {
  expect(configOf(undefined).pageAt('/reset-password', { token: 'a&b=c' })).toBe(
    'http://localhost:5173/reset-password#token=a%26b%3Dc',
  );
});
