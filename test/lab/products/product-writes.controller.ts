import { Body, Controller, Get, Param, Post, Put, Res } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Invalidates } from '../../../src/platform/cache/cached.js';
import { type Caller, CurrentCaller } from '../../../src/platform/http/access/caller.js';
import { IdOr } from '../../../src/platform/http/requests/ids.js';
import { Responds } from '../../../src/platform/http/responses/documented-responses.js';
import { ProductWritesService } from './product-writes.service.js';
import {
  ProductBatch,
  ProductFigures,
  ProductRead,
  ProductReplace,
  ProductTagRead,
  ProductTags,
  StatusChange,
  StockChange,
} from './products.dto.js';
import {
  CategoryNotFound,
  OtherStatus,
  OutOfStock,
  ProductNotFound,
  SkuTaken,
  TagNotFound,
} from './products.errors.js';

const ProductId = new IdOr(ProductNotFound);

class ManyProducts {
  @ApiProperty({ type: [ProductRead] }) data!: ProductRead[];
}

class ManyTags {
  @ApiProperty({ type: [ProductTagRead] }) data!: ProductTagRead[];
}

@ApiTags('lab')
@Controller('lab')
export class ProductWritesController {
  constructor(private readonly writes: ProductWritesService) {}

  @Get('figures')
  @Responds({ summary: 'Read figures of all products', type: ProductFigures })
  figures(): Promise<ProductFigures> {
    return this.writes.figures();
  }

  @Post('product-batches')
  @Invalidates('lab_products')
  @Responds({
    summary: 'Create products',
    status: 201,
    type: ManyProducts,
    problems: [SkuTaken, CategoryNotFound],
  })
  async createMany(@CurrentCaller() caller: Caller, @Body() { products }: ProductBatch): Promise<ManyProducts> {
    return { data: await this.writes.createMany(caller.id, products) };
  }

  @Put('skus/:sku')
  @Invalidates('lab_products')
  @Responds({ summary: 'Create or change the product of a SKU', type: ProductRead, problems: [CategoryNotFound] })
  async put(
    @CurrentCaller() caller: Caller,
    @Param('sku') sku: string,
    @Body() body: ProductReplace,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProductRead> {
    const { row, isNew } = await this.writes.put(caller.id, sku, body);
    if (isNew) reply.status(201);
    return row;
  }

  @Post('products/:product_id/stock')
  @Invalidates('lab_product:{product_id}', 'lab_products')
  @Responds({ summary: 'Change the stock of a product', type: ProductRead, problems: [ProductNotFound, OutOfStock] })
  changeStock(@Param('product_id', ProductId) id: number, @Body() { by }: StockChange): Promise<ProductRead> {
    return this.writes.changeStock(id, by);
  }

  @Post('products/:product_id/status')
  @Invalidates('lab_product:{product_id}', 'lab_products')
  @Responds({ summary: 'Change the status of a product', type: ProductRead, problems: [ProductNotFound, OtherStatus] })
  changeStatus(@Param('product_id', ProductId) id: number, @Body() body: StatusChange): Promise<ProductRead> {
    return this.writes.changeStatus(id, body);
  }

  @Put('products/:product_id/tags')
  @Responds({ summary: 'Replace the tags of a product', type: ManyTags, problems: [ProductNotFound, TagNotFound] })
  async replaceTags(@Param('product_id', ProductId) id: number, @Body() { tag_ids }: ProductTags): Promise<ManyTags> {
    return { data: await this.writes.replaceTags(id, tag_ids) };
  }

  @Get('products/:product_id/tags')
  @Responds({ summary: 'List the tags of a product', type: ManyTags })
  async tags(@Param('product_id', ProductId) id: number): Promise<ManyTags> {
    return { data: await this.writes.tagsOf(id) };
  }
}
