import { describePoison } from './poison.js';

describePoison('PostgreSQL');
