import { describePoison } from './poison.js';

describePoison('Redis');
